import type { CheckResult } from '../domain/checks/result.ts';
import {
  judgeCompleteness,
  judgeDrift,
  judgeDuplicates,
  judgeQuarantine,
  type SourceDay,
} from '../domain/checks/source-checks.ts';
import { countRecords, fieldsSeen } from '../infra/postgres/checks/records.ts';
import { storeCheckResults } from '../infra/postgres/checks/results.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadModel } from '../infra/postgres/model.ts';
import type { Check, OperatingModel } from '../schemas/operating-model.ts';
import type { CapturedSource, DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { judgeMetricChecks } from './validate-metrics.ts';
import { judgeRowChecks } from './validate-rows.ts';

export type ValidatedDay = { passed: number; failed: number; warned: number };

const ofSource = (source: string): CheckResult['subject'] => ({ source });

/** The implicit check of every source: it answered, or the calendar forgives its absence. */
function judgeSource(captured: CapturedSource): CheckResult {
  const common = {
    checkId: `source:${captured.sourceId}`,
    kind: 'source',
    severity: 'block',
    subject: ofSource(captured.sourceId),
  } as const;
  if (captured.status === 'failed')
    return { ...common, status: 'failed', message: captured.message, observed: { failure: captured.type } };
  if (captured.status === 'absent' && !captured.closedDay)
    return { ...common, status: 'failed', message: captured.message, observed: { failure: 'absent' } };
  const message = captured.status === 'absent' ? 'closed day: nothing was expected' : `${captured.sourceId} answered`;
  return { ...common, status: 'passed', message, observed: {} };
}

async function sourceDay({ db }: Deps, day: DayKey, captured: CapturedSource): Promise<SourceDay> {
  const counts = await countRecords(db, day.clientId, captured.sourceId, day.businessDate);
  return {
    source: captured.sourceId,
    ...counts,
    absentOnClosedDay: captured.status === 'absent' && captured.closedDay,
  };
}

/** Checks by counting; row checks read the records and are judged apart. */
type SourceCheck = Exclude<Extract<Check, { source: string }>, { kind: 'row' }>;

async function judgeSourceCheck(deps: Deps, day: DayKey, check: SourceCheck, source: SourceDay): Promise<CheckResult> {
  const common = { checkId: check.id, kind: check.kind, severity: check.severity, subject: ofSource(check.source) };
  switch (check.kind) {
    case 'completeness':
      return { ...common, ...judgeCompleteness(check, source) };
    case 'quarantine':
      return { ...common, ...judgeQuarantine(check, source) };
    case 'duplicates':
      return { ...common, ...judgeDuplicates(check, source) };
    case 'drift': {
      const { now, before } = await fieldsSeen(deps.db, day.clientId, check.source, day.businessDate);
      return { ...common, ...judgeDrift(check.source, now, before) };
    }
  }
}

/** Drift against the fields seen last is always looked at; unless the model lists it, it only warns. */
function withDrift(model: OperatingModel): SourceCheck[] {
  const listed = model.checks.filter((check): check is SourceCheck => 'source' in check && check.kind !== 'row');
  const watched = new Set(listed.filter((check) => check.kind === 'drift').map((check) => check.source));
  const implicit = model.sources.filter((source) => !watched.has(source.id));
  return [
    ...listed,
    ...implicit.map(
      (source): SourceCheck => ({ id: `drift:${source.id}`, kind: 'drift', source: source.id, severity: 'warn' }),
    ),
  ];
}

/** An absent source is one cause: its own finding stands for the completeness that it also breaks. */
function withoutEchoes(results: readonly CheckResult[]): CheckResult[] {
  const missing = new Set(
    results.flatMap((one) =>
      one.kind === 'source' && one.status === 'failed' && 'source' in one.subject ? [one.subject.source] : [],
    ),
  );
  return results.map((one) =>
    one.kind === 'completeness' && 'source' in one.subject && missing.has(one.subject.source)
      ? { ...one, severity: 'warn' }
      : one,
  );
}

/** Runs every check of the model on the day and stores one result each. */
export function createValidate(deps: Deps) {
  return async function validateDay(input: DayKey & { captured: readonly CapturedSource[] }): Promise<ValidatedDay> {
    const { document: model } = await loadModel(deps.db, input.clientId, input.modelVersion);
    await markStage(deps.db, input, 'validate');
    const results: CheckResult[] = input.captured.map(judgeSource);
    const days = new Map<string, SourceDay>();
    for (const captured of input.captured) days.set(captured.sourceId, await sourceDay(deps, input, captured));
    for (const check of withDrift(model)) {
      const source = days.get(check.source);
      if (source) results.push(await judgeSourceCheck(deps, input, check, source));
    }
    results.push(...(await judgeRowChecks(deps, input, model)));
    results.push(...(await judgeMetricChecks(deps, input, model)));
    const settled = withoutEchoes(results);
    await storeCheckResults(deps.db, input, settled);
    const failed = settled.filter((one) => one.status === 'failed');
    return {
      passed: settled.length - failed.length,
      failed: failed.filter((one) => one.severity === 'block').length,
      warned: failed.filter((one) => one.severity === 'warn').length,
    };
  };
}
