import { withoutEchoes } from '../domain/checks/source-answer.ts';
import { judgeMetricChecks } from '../infra/postgres/checks/judge-metrics.ts';
import { judgeSources } from '../infra/postgres/checks/judge-sources.ts';
import { storeCheckResults } from '../infra/postgres/checks/results.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import type { CapturedSource, DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { judgeRowChecks } from './validate-rows.ts';

export type ValidatedDay = { passed: number; failed: number; warned: number };

/** Runs every check of the model on the day and stores one result each. */
export function createValidate(deps: Deps) {
  return async function validateDay(input: DayKey & { captured: readonly CapturedSource[] }): Promise<ValidatedDay> {
    const dayModel = await loadDayModel(deps.db, input);
    const model = dayModel.document;
    await markStage(deps.db, input, 'validate');
    const settled = withoutEchoes([
      ...(await judgeSources(deps.db, input, model, input.captured)),
      ...(await judgeRowChecks(deps, input, dayModel)),
      ...(await judgeMetricChecks(deps.db, input, model)),
    ]);
    await storeCheckResults(deps.db, input, settled);
    const failed = settled.filter((one) => one.status === 'failed');
    return {
      passed: settled.length - failed.length,
      failed: failed.filter((one) => one.severity === 'block').length,
      warned: failed.filter((one) => one.severity === 'warn').length,
    };
  };
}
