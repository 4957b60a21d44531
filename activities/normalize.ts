import { cancellationSignal } from '@temporalio/activity';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import { tidySoon } from '../infra/postgres/tidy.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { sourcesTaken } from './handoff/sources.ts';

export type NormalizedDay = { records: number; posted: number; reversed: number; quarantined: number };

/** Brings the ledger of every source of the day to what its records mean under the pinned transforms. */
export function createNormalize(deps: Deps) {
  return async function normalizeDay(day: DayKey): Promise<NormalizedDay> {
    const { document: model, transforms, rules } = await loadDayModel(deps.db, day);
    await markStage(deps.db, day, 'normalize');
    const total: NormalizedDay = { records: 0, posted: 0, reversed: 0, quarantined: 0 };
    for (const source of model.sources) {
      const result = await deps.rowWork.normalizeBatches(
        {
          databaseUrl: deps.databaseUrl,
          auditKey: deps.secrets.auditKey,
          customerKey: deps.secrets.customerKey,
          clientId: day.clientId,
          businessDate: day.businessDate,
          attempt: day.attempt,
          format: source.options.format,
          delimiter: source.options.delimiter,
          rule: rules[source.id]!,
          transformVersion: transforms[source.id] ?? 1,
        },
        cancellationSignal(),
      );
      if (!result.ok) throw new Error(result.failure.message);
      total.records += result.value.records;
      total.posted += result.value.posted;
      total.reversed += result.value.reversed;
      total.quarantined += result.value.quarantined;
    }
    tidySoon(deps.db, day.clientId, total.posted + total.reversed);
    await sourcesTaken(deps, day);
    return total;
  };
}
