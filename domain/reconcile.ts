import type { Control } from '../schemas/operating-model.ts';
import { formatExact, parseMicros } from './money.ts';
import { type ReconcilingItem, sumOfItems } from './reconcile/item.ts';
import { withinTolerance } from './tolerance.ts';

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

type Compared = {
  oursMicros: bigint;
  theirsMicros: bigint;
  monthBeforeMicros: bigint;
  items: readonly ReconcilingItem[];
  /** Of the amounts; null for a count. */
  currency: string | null;
};

/** `16,743.40 USD`: as a person reads it in a finding. */
export function amountText(micros: bigint, currency: string | null): string {
  const [whole = '', fraction] = formatExact(micros).split('.');
  const grouped = [whole.replace(/\B(?=(\d{3})+$)/g, ','), fraction].join('.');
  return currency === null ? grouped : `${grouped} ${currency}`;
}

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
  const text = (micros: bigint) => amountText(micros, compared.currency);
  const found = `ours ${text(compared.oursMicros)}, theirs ${text(compared.theirsMicros)}, difference ${text(differenceMicros)}`;
  const month = monthHolds ? '' : `; the month's differences sum to ${text(monthDifferenceMicros)}`;
  return {
    differenceMicros,
    monthDifferenceMicros,
    unreconciledMicros: differenceMicros - sumOfItems(compared.items),
    status: dayHolds && monthHolds ? 'matched' : 'difference',
    message: found + month,
  };
}
