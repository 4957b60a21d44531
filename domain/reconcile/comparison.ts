import type { Control, OperatingModel } from '../../schemas/operating-model.ts';
import type { Catalog } from '../metrics/catalog.ts';

/** A number of ours, computed by the attempt; dimension '' is the total. */
export type OurNumber = {
  storeId: string;
  metric: string;
  dimension: string;
  member: string;
  valueMicros: bigint | null;
  currency: string | null;
};

/** Where a platform states a total: of a store, or the client where it is ''; of a member of the control's slice. */
export type TotalPlace = { control_id: string; metric: string; store_id: string; slice: string | null };

/** One number of ours beside the total that it is compared with, if there is one. */
export type Comparison<Total> = { control: Control; ours: OurNumber; total: Total | null };

type Stores = Pick<OperatingModel, 'client' | 'stores'>;

/** The stores that a control speaks of: the one that it names, every one, or the client as a whole. */
function comparedStores({ stores }: Stores, control: Control, totals: readonly TotalPlace[]): string[] {
  const every = stores.map((store) => store.id);
  if (control.store) return [control.store];
  if (every.length === 1) return every;
  if (control.connector === 'file' && control.options.storeField === undefined) return [''];
  if (!totals.some((one) => one.store_id === '')) return every;
  return ['', ...every.filter((id) => totals.some((one) => one.store_id === id))];
}

function nothing(model: Stores, catalog: Catalog, control: Control, storeId: string, member: string): OurNumber {
  const currency = model.stores.find((store) => store.id === storeId)?.currency ?? model.client.currency;
  const isMoney = catalog.get(control.metric)?.unit === 'money';
  const dimension = control.slice ?? '';
  return { storeId, metric: control.metric, dimension, member, valueMicros: 0n, currency: isMoney ? currency : null };
}

/**
 * What a control compares: its store's number or every store's, the total or each member of its slice. A member that
 * only the platform names is compared with nothing of ours; one that only we have has no total.
 */
export function comparisonsOf<Total extends TotalPlace>(
  model: Stores,
  catalog: Catalog,
  control: Control,
  numbers: readonly OurNumber[],
  stated: readonly Total[],
): Comparison<Total>[] {
  const dimension = control.slice ?? '';
  const totals = stated.filter((one) => one.control_id === control.id && one.metric === control.metric);
  return comparedStores(model, control, totals).flatMap((storeId) => {
    const own = numbers.filter(
      (one) => one.metric === control.metric && one.dimension === dimension && one.storeId === storeId,
    );
    const theirs = totals.filter((one) => one.store_id === storeId && (one.slice === null) === (dimension === ''));
    const members = new Set([...own.map((one) => one.member), ...theirs.map((one) => one.slice ?? '')]);
    return [...members].map((member) => ({
      control,
      ours: own.find((one) => one.member === member) ?? nothing(model, catalog, control, storeId, member),
      total: theirs.find((one) => (one.slice ?? '') === member) ?? null,
    }));
  });
}
