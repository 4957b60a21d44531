import { isClosedDay } from '../../domain/calendar.ts';
import type { SourceAnswer } from '../../domain/checks/source-answer.ts';
import { slotName } from '../../domain/slot.ts';
import type { Source } from '../../schemas/operating-model.ts';
import { locateSource } from '../postgres/capture/locate-source.ts';
import type { DayModel } from '../postgres/close/day-model.ts';
import type { Session } from '../postgres/session.ts';
import { SourceFailure } from '../sources/failure.ts';
import { slotPath } from '../sources/file/locate.ts';
import { type FileLimits, snapshotOf } from '../sources/file/snapshot.ts';
import { captureSnapshot } from './capture-snapshot.ts';
import { normalizeSource } from './normalize-source.ts';

/** A day that is worked as the close works it, in a transaction of the session that is undone later. */
export type Trial = {
  session: Session;
  databaseUrl: string;
  customerKey: Uint8Array;
  roots: readonly string[];
  limits: FileLimits;
  date: string;
  model: DayModel;
};

/** How a source answered: what was read of it, or why nothing was. */
export type TriedSource = { source: string; status: 'captured' | 'absent' | 'failed'; message: string };
/** Of a failure, its type as well: a check keeps it. */
type Answer = TriedSource & { type?: string };
/** `dates` are the business days whose entries changed. */
export type TriedDay = { sources: readonly TriedSource[]; answers: readonly SourceAnswer[]; dates: readonly string[] };

async function captureSource({ session, date, model, ...trial }: Trial, source: Source): Promise<Answer> {
  const clientId = model.document.client.id;
  const file = await locateSource(session.db, trial.roots, source, { clientId, date });
  const expected = slotPath(source.options.location, date);
  if (file === null) return { source: source.id, status: 'absent', message: `${expected}: no such file.` };
  const day = { clientId, date, source, rule: model.rules[source.id]! };
  const snapshot = snapshotOf(day, file, trial.limits);
  const { records } = await captureSnapshot(session, snapshot);
  return { source: source.id, status: 'captured', message: `${records} records of ${slotName(file.path, date)}` };
}

/** A source that cannot be read leaves nothing behind, and the others are read all the same. */
async function tryCapture(trial: Trial, source: Source): Promise<Answer> {
  const { client } = trial.session;
  await client.query('savepoint source');
  try {
    return await captureSource(trial, source);
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    await client.query('rollback to savepoint source');
    return { source: source.id, status: 'failed', type: error.type, message: error.message };
  }
}

async function normalize({ session, date, model, customerKey }: Trial, source: Source): Promise<readonly string[]> {
  const { format, delimiter } = source.options;
  const rule = model.rules[source.id]!;
  const transformVersion = model.transforms[source.id] ?? 1;
  const day = { clientId: model.document.client.id, businessDate: date, customerKey, rule, format, delimiter };
  const outcome = await normalizeSource({ reader: session, writer: session }, { ...day, transformVersion });
  return outcome?.dates ?? [];
}

/** What the close's checks hear of a source. */
function answerOf({ model, date }: Trial, { source: sourceId, status, message, type = '' }: Answer): SourceAnswer {
  if (status === 'failed') return { sourceId, status, type, message };
  const closedDay = isClosedDay(model.document.calendar, date);
  return status === 'absent' ? { sourceId, status, closedDay, message } : { sourceId, status };
}

/** Captures every source of the day and brings the ledger to what its records mean. */
export async function tryDay(trial: Trial): Promise<TriedDay> {
  const { sources } = trial.model.document;
  const answers: Answer[] = [];
  for (const source of sources) answers.push(await tryCapture(trial, source));
  const dates = new Set<string>();
  for (const source of sources) for (const date of await normalize(trial, source)) dates.add(date);
  return {
    sources: answers.map(({ type: _, ...source }) => source),
    answers: answers.map((one) => answerOf(trial, one)),
    dates: [...dates].sort(),
  };
}
