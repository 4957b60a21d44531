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
    unreconciledMicros: differenceMicros - sumOfItems(compared.items),
    status: dayHolds && monthHolds ? 'matched' : 'difference',
    message: found + month,
  };
}
