import type { Adjustment } from '../normalize/adjustment.ts';
import type { RecordError } from '../normalize/entry.ts';

/** Ways of mending a day, those that trust the source the most before the others. */
export const FIX_KINDS = [
  'recapture',
  'accept_late_total',
  'map_field',
  'resubmit_quarantined',
  'drop_duplicates',
  'exclude_test_orders',
  'move_business_day',
  'use_previous_transform',
  'declare_closed_day',
  'accept_difference',
] as const;
export type FixKind = (typeof FIX_KINDS)[number];

/** What a fix changes, for its day alone. */
export type FixChange =
  /** Nothing but that the sources and the source-reported totals are read as they are now. */
  | { by: 'reading' }
  | { by: 'adjusting'; source: string; add: readonly Adjustment[] }
  /** Null gives the source back to the operating model. */
  | { by: 'transform'; source: string; version: number | null }
  | { by: 'closing' }
  /** `because` says what explains it, where something does. */
  | { by: 'accepting'; because: string | null };

export type Fix = { kind: FixKind; title: string; change: FixChange };

export type ChangedMetric = { metric: string; before: string | null; after: string | null };
export type ChangedCheck = { check: string; before: string; after: string };
/** What a fix does to its day and to others: all metrics of the day, and of checks, controls and other days what changes. */
export type FixPreview = {
  metrics: readonly ChangedMetric[];
  checks: readonly ChangedCheck[];
  otherDays: readonly { businessDate: string; metrics: readonly ChangedMetric[] }[];
};

/** A fix with what its simulation showed. */
export type SimulatedFix = {
  fix: Fix;
  preview: FixPreview;
  /** The finding is gone, or accepted. */
  resolves: boolean;
  /** Findings that would still withhold numbers. */
  findingsLeft: number;
  /** What is wrong with the records that it edits: such a fix is not suggested. */
  problems?: readonly RecordError[];
  /** What is left of the finding's difference, without its sign, in exact decimal; null where there is none to tell. */
  distance: string | null;
};

/** Whether a number, a check or another day would be other than it is. */
export const changesAnything = ({ metrics, checks, otherDays }: FixPreview): boolean =>
  checks.length > 0 || otherDays.length > 0 || metrics.some((one) => one.before !== one.after);

/** Whether a check or a control would fail that does not now: such a fix only moves what is wrong. */
const breaksAnything = ({ checks }: FixPreview): boolean =>
  checks.some(({ before, after }) => before !== 'failed' && after === 'failed');

/** Mending comes first, then accepting what is explained, then coming nearer; accepting what nobody can explain is last. */
function tier({ fix, resolves, preview }: SimulatedFix): number {
  if (fix.change.by === 'accepting') return fix.change.because === null ? 3 : 1;
  return resolves && !breaksAnything(preview) ? 0 : 2;
}

/** Puts first what mends the finding, leaves the fewest others, touches the fewest other days, and trusts the source. */
export function rankFixes(fixes: readonly SimulatedFix[]): SimulatedFix[] {
  const keys = (one: SimulatedFix): number[] => [
    tier(one),
    one.findingsLeft,
    one.preview.otherDays.length,
    FIX_KINDS.indexOf(one.fix.kind),
  ];
  return [...fixes].sort((a, b) => {
    const [left, right] = [keys(a), keys(b)];
    const at = left.findIndex((value, place) => value !== right[place]);
    return at < 0 ? 0 : left[at]! - right[at]!;
  });
}
