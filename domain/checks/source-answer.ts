import type { CheckResult } from './result.ts';

/** How a source answered when the day was captured, as far as checks look at it. */
export type SourceAnswer =
  | { sourceId: string; status: 'captured' | 'unchanged' }
  | { sourceId: string; status: 'absent'; closedDay: boolean; message: string }
  | { sourceId: string; status: 'failed'; type: string; message: string };

/** The implicit check of every source: it answered, or the calendar forgives its absence. */
export function judgeAnswer(answer: SourceAnswer): CheckResult {
  const common = {
    checkId: `source:${answer.sourceId}`,
    kind: 'source',
    severity: 'block',
    subject: { source: answer.sourceId },
  } as const;
  if (answer.status === 'failed')
    return { ...common, status: 'failed', message: answer.message, observed: { failure: answer.type } };
  if (answer.status === 'absent' && !answer.closedDay)
    return { ...common, status: 'failed', message: answer.message, observed: { failure: 'absent' } };
  const message = answer.status === 'absent' ? 'closed day: nothing was expected' : `${answer.sourceId} answered`;
  return { ...common, status: 'passed', message, observed: {} };
}

/** An absent source is one cause: its own finding stands for the completeness that it also breaks. */
export function withoutEchoes(results: readonly CheckResult[]): CheckResult[] {
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
