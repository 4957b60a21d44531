import type { Control } from '../schemas/operating-model.ts';
import { formatExact, parseMicros } from './money.ts';
import { withinTolerance } from './tolerance.ts';

export type ItemKind = 'late_arrivals' | 'quarantined' | 'duplicates' | 'test_orders' | 'zone_shift';
export type ClaimedRecord = { rawEventId: bigint; amountMicros: bigint };

/** A named cause of a difference. Its records sum to its amount: what claims no records explains nothing. */
export type ReconcilingItem = { kind: ItemKind; amountMicros: bigint; records: readonly ClaimedRecord[] };

export type ControlStatus = 'matched' | 'difference' | 'not_reconciled';
export type ControlResult = {
  controlId: string;
  storeId: string;
  slice: string;
  metric: string;
  oursMicros: bigint | null;
  theirsMicros: bigint | null;
  differenceMicros: bigint | null;
  unreconciledMicros: bigint | null;
  monthDifferenceMicros: bigint | null;
  currency: string | null;
  status: ControlStatus;
  sourceTotalId: bigint | null;
  message: string;
  items: readonly ReconcilingItem[];
};

/** Makes an item of the records that one cause took out of our number. */
export function missingItem(kind: ItemKind, records: readonly ClaimedRecord[]): ReconcilingItem | null {
  if (records.length === 0) return null;
  const claimed = records.map((one) => ({ ...one, amountMicros: -one.amountMicros }));
  return { kind, records: claimed, amountMicros: claimed.reduce((sum, one) => sum + one.amountMicros, 0n) };
}

const sumOf = (items: readonly ReconcilingItem[]): bigint => items.reduce((sum, item) => sum + item.amountMicros, 0n);

function subsets<T>(all: readonly T[]): T[][] {
  const [first, ...rest] = all;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((some) => [first, ...some])];
}

/**
 * Chooses which possible causes explain a difference: the fewest whose amounts leave nothing. Causes that leave a rest
 * prove nothing and are not named, but for records in quarantine, which are missing from our number whatever else is.
 */
export function explainDifference(
  differenceMicros: bigint,
  certain: readonly ReconcilingItem[],
  possible: readonly ReconcilingItem[],
): ReconcilingItem[] {
  const remaining = differenceMicros - sumOf(certain);
  if (remaining === 0n) return [...certain];
  const explaining = subsets(possible).filter((some) => some.length > 0 && sumOf(some) === remaining);
  const [fewest] = explaining.sort((a, b) => a.length - b.length);
  return [...certain, ...(fewest ?? [])];
}

type Compared = {
  oursMicros: bigint;
  theirsMicros: bigint;
  monthBeforeMicros: bigint;
  items: readonly ReconcilingItem[];
};

/**
 * Compares the whole difference with the tolerance: reconciling items explain it, they never make a control pass.
 */
export function compareTotals(
  control: Pick<Control, 'tolerance'>,
  compared: Compared,
): Pick<ControlResult, 'differenceMicros' | 'unreconciledMicros' | 'monthDifferenceMicros' | 'status' | 'message'> {
  const differenceMicros = compared.oursMicros - compared.theirsMicros;
  const monthDifferenceMicros = compared.monthBeforeMicros + differenceMicros;
  const { monthAbsolute, ...dayTolerance } = control.tolerance;
  const dayHolds = withinTolerance(differenceMicros, compared.theirsMicros, dayTolerance);
  const magnitude = monthDifferenceMicros < 0n ? -monthDifferenceMicros : monthDifferenceMicros;
  const monthHolds = monthAbsolute === undefined || magnitude <= parseMicros(monthAbsolute);
  const found = `ours ${formatExact(compared.oursMicros)}, theirs ${formatExact(compared.theirsMicros)}, difference ${formatExact(differenceMicros)}`;
  const month = monthHolds ? '' : `; the month's differences sum to ${formatExact(monthDifferenceMicros)}`;
  return {
    differenceMicros,
    monthDifferenceMicros,
    unreconciledMicros: differenceMicros - sumOf(compared.items),
    status: dayHolds && monthHolds ? 'matched' : 'difference',
    message: found + month,
  };
}
