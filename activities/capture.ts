import { cancellationSignal } from '@temporalio/activity';
import { isClosedDay } from '../domain/calendar.ts';
import { sourceDueAt } from '../domain/handoff/deadline.ts';
import { locateSource } from '../infra/postgres/capture/locate-source.ts';
import { markCapture, markWaiting } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import { tidySoon } from '../infra/postgres/tidy.ts';
import { SourceFailure, type SourceFailureType } from '../infra/sources/failure.ts';
import { slotPath } from '../infra/sources/file/locate.ts';
import { snapshotOf } from '../infra/sources/file/snapshot.ts';
import type { OperatingModel, Source } from '../schemas/operating-model.ts';
import type { Deps } from './deps.ts';
import { sourceAbsent, sourceDelivered } from './handoff/sources.ts';

export type DayKey = { clientId: string; businessDate: string; attempt: number; modelVersion: number };

/** How a source answered. `absent` with `waitUntil` (epoch ms) in the future is waited for. */
export type CapturedSource =
  | {
      sourceId: string;
      status: 'captured' | 'unchanged';
      records: number;
      newRecords: number;
      changedRecords: number;
      goneRecords: number;
    }
  | { sourceId: string; status: 'absent'; closedDay: boolean; waitUntil: number; message: string }
  | { sourceId: string; status: 'failed'; type: SourceFailureType; transient: boolean; message: string };

const TRANSIENT: readonly SourceFailureType[] = ['incomplete_file', 'changed_while_reading', 'no_permission'];

function failed(sourceId: string, failure: { type: SourceFailureType; message: string }): CapturedSource {
  return {
    sourceId,
    status: 'failed',
    transient: TRANSIENT.includes(failure.type),
    type: failure.type,
    message: failure.message,
  };
}

type Absent = Extract<CapturedSource, { status: 'absent' }>;

function absent(model: OperatingModel, source: Source, date: string, path: string): Absent {
  const closedDay = isClosedDay(model.calendar, date);
  const message = `${path}: no such file. Deliver it, upload it, or declare ${date} a closed day.`;
  return {
    sourceId: source.id,
    status: 'absent',
    closedDay,
    waitUntil: closedDay ? 0 : sourceDueAt(model, source, date),
    message,
  };
}

/** Answers that a source is absent; a person sees for which file the day waits, and until when. */
async function waitFor(deps: Deps, model: OperatingModel, source: Source, day: DayKey): Promise<CapturedSource> {
  const file = slotPath(source.options.location, day.businessDate);
  const answer = absent(model, source, day.businessDate, file);
  if (answer.waitUntil > Date.now())
    await markWaiting(deps.db, day, source.id, { file, until: new Date(answer.waitUntil).toISOString() });
  await sourceAbsent(deps, day, source.id, answer);
  return answer;
}

/**
 * Captures a source's file of the day as a full snapshot of its slot. The same content again is `unchanged`.
 * A failure of the source is an answer; only storage and engine failures are thrown, and burn none of its contract.
 */
export function createCapture(deps: Deps) {
  return async function captureSource(input: DayKey & { sourceId: string }): Promise<CapturedSource> {
    const { document: model, transforms, rules } = await loadDayModel(deps.db, input);
    const source = model.sources.find((one) => one.id === input.sourceId)!;
    await markCapture(deps.db, input, source.id);
    const place = { clientId: input.clientId, date: input.businessDate };
    const found = await locateSource(deps.db, deps.files.roots, source, place).catch((error: unknown) => {
      if (error instanceof SourceFailure) return error;
      throw error;
    });
    if (found instanceof SourceFailure) return failed(source.id, found);
    if (!found) return await waitFor(deps, model, source, input);
    const rule = rules[source.id]!;
    const result = await deps.rowWork.captureFile(
      {
        ...snapshotOf({ clientId: input.clientId, date: input.businessDate, source, rule }, found, deps.files),
        databaseUrl: deps.databaseUrl,
        auditKey: deps.secrets.auditKey,
        attempt: input.attempt,
        actor: 'meshline',
        meaning: { customerKey: deps.secrets.customerKey, rule, transformVersion: transforms[source.id] ?? 1 },
      },
      cancellationSignal(),
    );
    if (!result.ok) return failed(source.id, result.failure);
    const { batchId, unchanged, ...counts } = result.value;
    if (!unchanged) tidySoon(deps.db, input.clientId, counts.records);
    await sourceDelivered(deps, input, source.id, BigInt(batchId));
    return { sourceId: source.id, status: unchanged ? 'unchanged' : 'captured', ...counts };
  };
}
