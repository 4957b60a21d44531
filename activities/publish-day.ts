import { monthOf } from '../domain/business-day.ts';
import type { CheckResult } from '../domain/checks/result.ts';
import type { CloseCause } from '../domain/close.ts';
import { type Catalog, metricCatalog } from '../domain/metrics/catalog.ts';
import type { WithholdInput } from '../domain/publish/withhold.ts';
import type { ControlResult } from '../domain/reconcile.ts';
import { loadCheckResults } from '../infra/postgres/checks/results.ts';
import { causeOf } from '../infra/postgres/close/attempt.ts';
import type { DayModel } from '../infra/postgres/close/day-model.ts';
import type { DayInputs } from '../infra/postgres/close/inputs.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { loadValues, type StoredValue } from '../infra/postgres/metrics/values.ts';
import { lockPeriod, type PeriodRow } from '../infra/postgres/period/rows.ts';
import { type LatestNumber, latestNumbers } from '../infra/postgres/publish/numbers.ts';
import { loadControlResults } from '../infra/postgres/reconcile/results.ts';
import type { DayKey } from './capture.ts';

/** What an attempt knows of its day when it publishes. */
export type PublishingDay = {
  key: DayKey;
  model: DayModel;
  catalog: Catalog;
  values: readonly StoredValue[];
  /** What is published of it, by its latest version. */
  published: readonly LatestNumber[];
  checks: readonly CheckResult[];
  controls: readonly Omit<ControlResult, 'items'>[];
  inputs: DayInputs;
  /** Why the attempt runs. */
  cause: CloseCause;
  /** Its month, which stays as it is until the attempt has published. */
  period: PeriodRow;
};

export async function readPublishingDay(
  tx: Tx,
  key: DayKey,
  model: DayModel,
  inputs: DayInputs,
): Promise<PublishingDay> {
  return {
    key,
    model,
    inputs,
    catalog: metricCatalog(model.document),
    cause: await causeOf(tx, key),
    period: await lockPeriod(tx, key.clientId, monthOf(key.businessDate), false),
    values: await loadValues(tx, key),
    published: await latestNumbers(tx, key.clientId, key.businessDate),
    checks: await loadCheckResults(tx, key),
    controls: await loadControlResults(tx, key),
  };
}

/** What withholding asks of a day, but for the findings. */
export const forWithholding = (day: PublishingDay): Omit<WithholdInput, 'findings'> => ({
  model: day.model.document,
  catalog: day.catalog,
  date: day.key.businessDate,
  controls: day.controls,
});
