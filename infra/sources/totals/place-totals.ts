import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { PlaceTotal } from '../../postgres/reconcile/totals.ts';
import { SourceFailure } from '../failure.ts';
import type { FileControl, ReadTotal, TotalsOfDay } from './read-totals.ts';

/** A total that names no store is of the control's store, of the only one, or of the client as a whole. */
function storeOf({ stores }: OperatingModel, control: FileControl, total: ReadTotal): string {
  return total.store ?? control.store ?? (stores.length === 1 ? stores[0]!.id : '');
}

const NONE = '(none)';

/**
 * What a file states, by place. Two totals of one place contradict each other, and neither can be compared with.
 * @throws SourceFailure
 */
export function placeTotals(model: OperatingModel, control: FileControl, found: TotalsOfDay): PlaceTotal[] {
  const places = found.totals.map((total) => ({
    storeId: storeOf(model, control, total),
    slice: total.slice === '' ? NONE : total.slice,
    valueMicros: total.valueMicros,
  }));
  const keys = places.map((one) => JSON.stringify([one.storeId, one.slice]));
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice < 0) return places;
  const { storeId, slice } = places[twice]!;
  throw new SourceFailure(
    'unusable_file',
    `${found.path}: two totals for ${[storeId, slice].filter(Boolean).join('/') || 'the client'} on one day. State one.`,
  );
}
