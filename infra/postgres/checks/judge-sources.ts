import type { CheckResult } from '../../../domain/checks/result.ts';
import { judgeAnswer, type SourceAnswer } from '../../../domain/checks/source-answer.ts';
import {
  judgeCompleteness,
  judgeDrift,
  judgeDuplicates,
  judgeQuarantine,
  type SourceDay,
} from '../../../domain/checks/source-checks.ts';
import type { Check, OperatingModel } from '../../../schemas/operating-model.ts';
import { type DayRecords, dayRecords } from '../capture/day-records.ts';
import type { Db } from '../connect.ts';
import { movedRecords } from './moved.ts';
import { fieldsSeen, recordCounts } from './records.ts';

type Day = { clientId: string; businessDate: string };
/** Checks by counting; row checks read the records and are judged apart. */
type SourceCheck = Exclude<Extract<Check, { source: string }>, { kind: 'row' }>;

async function sourceDay(
  db: Db,
  { clientId, businessDate }: Day,
  answer: SourceAnswer,
  ofDay: readonly DayRecords[],
): Promise<SourceDay> {
  const { sourceId } = answer;
  const counts = recordCounts(ofDay, sourceId);
  return {
    source: sourceId,
    ...counts,
    valid: counts.valid + (await movedRecords(db, clientId, sourceId, businessDate)),
    absentOnClosedDay: answer.status === 'absent' && answer.closedDay,
  };
}

async function judgeSourceCheck(db: Db, day: Day, check: SourceCheck, source: SourceDay): Promise<CheckResult> {
  const { id: checkId, kind, severity } = check;
  const common = { checkId, kind, severity, subject: { source: check.source } };
  switch (check.kind) {
    case 'completeness':
      return { ...common, ...judgeCompleteness(check, source) };
    case 'quarantine':
      return { ...common, ...judgeQuarantine(check, source) };
    case 'duplicates':
      return { ...common, ...judgeDuplicates(check, source) };
    case 'drift': {
      const { now, before } = await fieldsSeen(db, day.clientId, check.source, day.businessDate);
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

/** Whether every source answered, and what its checks by counting say of the day's records. */
export async function judgeSources(
  db: Db,
  day: Day,
  model: OperatingModel,
  answers: readonly SourceAnswer[],
): Promise<CheckResult[]> {
  const results = answers.map(judgeAnswer);
  const ofDay = await dayRecords(db, day.clientId, day.businessDate);
  const days = new Map<string, SourceDay>();
  for (const answer of answers) days.set(answer.sourceId, await sourceDay(db, day, answer, ofDay));
  for (const check of withDrift(model)) {
    const source = days.get(check.source);
    if (source) results.push(await judgeSourceCheck(db, day, check, source));
  }
  return results;
}
