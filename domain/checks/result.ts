import type { CheckKind } from '../../schemas/operating-model.ts';

export type CheckStatus = 'passed' | 'failed' | 'learning' | 'accepted';

/** What a check looked at: a source or a metric of a store. */
export type CheckSubject = { source: string } | { metric: string; store: string };

export type CheckResult = {
  checkId: string;
  /** `source` is the implicit check that a source answered at all. */
  kind: CheckKind | 'source';
  severity: 'block' | 'warn';
  subject: CheckSubject;
  status: CheckStatus;
  message: string;
  observed: Readonly<Record<string, string | number | null | readonly string[]>>;
};

/** A finding that withholds numbers. */
export const blocks = (result: CheckResult): boolean => result.status === 'failed' && result.severity === 'block';
