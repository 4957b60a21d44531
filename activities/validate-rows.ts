import { cancellationSignal } from '@temporalio/activity';
import type { CheckResult } from '../domain/checks/result.ts';
import { judgeRows } from '../domain/checks/row.ts';
import type { TransformRule } from '../domain/normalize/rule.ts';
import type { DayModel } from '../infra/postgres/close/day-model.ts';
import type { CheckOf, Source } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

type RowCheck = CheckOf<'row'>;

async function judgeSource(
  deps: Deps,
  day: DayKey,
  source: Source,
  rule: TransformRule,
  checks: readonly RowCheck[],
): Promise<CheckResult[]> {
  const counts = await deps.rowWork.checkRows(
    {
      databaseUrl: deps.databaseUrl,
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      sourceId: source.id,
      format: source.options.format,
      delimiter: source.options.delimiter,
      rule,
      checks,
    },
    cancellationSignal(),
  );
  return checks.map((check, at) => {
    const { id: checkId, kind, severity } = check;
    return { checkId, kind, severity, subject: { source: source.id }, ...judgeRows(check, counts[at]!) };
  });
}

/** The conditions that records must meet, over the day's standing and valid records; those that fail are kept by id. */
export async function judgeRowChecks(
  deps: Deps,
  day: DayKey,
  { document: model, rules }: DayModel,
): Promise<CheckResult[]> {
  const checks = model.checks.filter((check): check is RowCheck => check.kind === 'row');
  if (checks.length === 0) return [];
  const results: CheckResult[] = [];
  for (const source of model.sources) {
    const own = checks.filter((check) => check.source === source.id);
    if (own.length > 0) results.push(...(await judgeSource(deps, day, source, rules[source.id]!, own)));
  }
  return results;
}
