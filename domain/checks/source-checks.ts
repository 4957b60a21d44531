import type { CheckOf } from '../../schemas/operating-model.ts';
import { formatExact, parseMicros } from '../money.ts';
import type { CheckResult } from './result.ts';

/** Counts of one source and business day. */
export type SourceDay = {
  source: string;
  records: number;
  valid: number;
  quarantined: number;
  duplicates: number;
  suspenseMicros: bigint;
  absentOnClosedDay: boolean;
};

type Judged = Pick<CheckResult, 'status' | 'message' | 'observed'>;

const passed = (message: string, observed: CheckResult['observed']): Judged => ({
  status: 'passed',
  message,
  observed,
});
const failed = (message: string, observed: CheckResult['observed']): Judged => ({
  status: 'failed',
  message,
  observed,
});

/** Share `part / whole` over `limit`, compared without floating point; nothing out of nothing exceeds no limit. */
export function exceedsShare(part: number, whole: number, limit: string): boolean {
  return BigInt(part) * 1_000_000n > parseMicros(limit) * BigInt(whole);
}

export function judgeCompleteness(check: CheckOf<'completeness'>, day: SourceDay): Judged {
  const observed = { valid: day.valid, minimum: check.minimumRecords };
  if (day.valid >= check.minimumRecords) return passed(`${day.valid} valid records of ${day.source}`, observed);
  if (day.absentOnClosedDay) return passed('closed day: nothing was expected', observed);
  return failed(
    `${day.source} has ${day.valid} valid records of the day, at least ${check.minimumRecords} are expected`,
    observed,
  );
}

export function judgeQuarantine(check: CheckOf<'quarantine'>, day: SourceDay): Judged {
  const observed = { quarantined: day.quarantined, records: day.records, inSuspense: formatExact(day.suspenseMicros) };
  const found = `${day.quarantined} of ${day.records} records of ${day.source} are in quarantine, ${formatExact(day.suspenseMicros)} in suspense`;
  const tooMany = check.maximumShare !== undefined && exceedsShare(day.quarantined, day.records, check.maximumShare);
  const tooMuch = check.maximumAmount !== undefined && day.suspenseMicros > parseMicros(check.maximumAmount);
  const limits = [
    check.maximumShare && `a share of ${check.maximumShare}`,
    check.maximumAmount && `an amount of ${check.maximumAmount}`,
  ];
  if (tooMany || tooMuch) return failed(`${found}; allowed is ${limits.filter(Boolean).join(' and ')}`, observed);
  return passed(found, observed);
}

export function judgeDuplicates(check: CheckOf<'duplicates'>, day: SourceDay): Judged {
  const observed = { duplicates: day.duplicates, records: day.records };
  const found = `${day.duplicates} of ${day.records} records of ${day.source} came twice`;
  return exceedsShare(day.duplicates, day.records, check.maximumShare ?? '0')
    ? failed(found, observed)
    : passed(found, observed);
}

export function judgeDrift(source: string, now: readonly string[] | null, before: readonly string[] | null): Judged {
  if (!now || !before)
    return { status: 'learning', message: `no fields of ${source} to compare with yet`, observed: {} };
  const added = now.filter((name) => !before.includes(name));
  const removed = before.filter((name) => !now.includes(name));
  const observed = { added, removed };
  if (added.length + removed.length === 0) return passed(`${source} has the same fields as before`, observed);
  const parts = [added.length > 0 && `new: ${added.join(', ')}`, removed.length > 0 && `gone: ${removed.join(', ')}`];
  return failed(`the fields of ${source} changed; ${parts.filter(Boolean).join('; ')}`, observed);
}
