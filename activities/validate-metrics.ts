import type { CheckResult } from '../domain/checks/result.ts';
import type { OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

/** Safety bounds and anomalies of the day's metrics, against the same weekday's published history. */
export async function judgeMetricChecks(_deps: Deps, _day: DayKey, _model: OperatingModel): Promise<CheckResult[]> {
  return [];
}
