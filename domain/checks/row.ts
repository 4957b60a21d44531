import type { CheckOf } from '../../schemas/operating-model.ts';
import { type Condition, ConditionError, compileCondition } from '../cel.ts';
import { recordViews } from '../cel-views.ts';
import type { Row } from '../fields.ts';
import { compileWhere } from '../normalize/mapping.ts';
import type { Judged } from './metric-result.ts';

/** `broken` does not meet the condition; `unjudged` compares what cannot be compared, with the reason. */
export type RowVerdict = { is: 'skipped' | 'met' | 'broken' } | { is: 'unjudged'; reason: string };

const SKIPPED: RowVerdict = { is: 'skipped' };
const MET: RowVerdict = { is: 'met' };
const BROKEN: RowVerdict = { is: 'broken' };

type RowCheck = Pick<CheckOf<'row'>, 'where' | 'when' | 'expect'>;

/** Compiles the row checks of a source into one function of a record; amounts are shown to conditions as numbers. */
export function compileRowChecks(checks: readonly RowCheck[], schema: unknown): (row: Row) => readonly RowVerdict[] {
  const views = recordViews(schema)();
  const compiled = checks.map((check) => compileRowCheck(check, (text) => compileCondition(text, views)));
  return (row) => compiled.map((judge) => judge(row));
}

function compileRowCheck(check: RowCheck, compile: (text: string) => Condition): (row: Row) => RowVerdict {
  const where = compileWhere(check.where);
  const when = check.when ? compile(check.when) : () => true;
  const expect = compile(check.expect);
  return (row) => {
    try {
      if (!where(row) || !when({ row })) return SKIPPED;
      return expect({ row }) ? MET : BROKEN;
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      return { is: 'unjudged', reason: error.message };
    }
  };
}

/** What became of a check over all records of a day. `examples` name some of the failing ones by place. */
export type RowCount = {
  checkId: string;
  lookedAt: number;
  failed: number;
  unjudged: number;
  reason: string | null;
  examples: readonly string[];
};

/** A record that cannot be judged fails: a check that does not fit the data proves nothing about it. */
export function judgeRows(check: Pick<CheckOf<'row'>, 'expect' | 'source'>, count: RowCount): Judged {
  const { lookedAt, failed, unjudged, examples, reason } = count;
  const observed = { lookedAt, failed, unjudged, examples };
  if (failed === 0)
    return { status: 'passed', message: `${lookedAt} records of ${check.source} meet ${check.expect}`, observed };
  const places = examples.length > 0 ? `: ${examples.join(', ')}${failed > examples.length ? ', …' : ''}` : '';
  const because = reason ? `; ${unjudged} could not be judged: ${reason}` : '';
  const message = `${failed} of ${lookedAt} records of ${check.source} do not meet ${check.expect}${places}${because}`;
  return { status: 'failed', message, observed };
}
