import type { Catalog } from '../../../domain/metrics/catalog.ts';
import { formatExact } from '../../../domain/money.ts';
import type { ItemOfDay } from '../../../infra/postgres/read/day.ts';
import type { loadControlResults } from '../../../infra/postgres/reconcile/results.ts';
import { valueText } from './amounts.ts';

type StoredControl = Awaited<ReturnType<typeof loadControlResults>>[number];

export const reconcilingItem = (item: Pick<ItemOfDay, 'kind' | 'amount_micros' | 'records'>) => ({
  kind: item.kind,
  amount: formatExact(item.amount_micros),
  records: item.records,
});

/** What a control compared, with those of the attempt's reconciling items that are its own. */
export function controlDocument(one: StoredControl, items: readonly ItemOfDay[], catalog: Catalog) {
  const text = (micros: bigint | null) => valueText(micros, one.currency, { catalog, id: one.metric });
  const isOwn = (item: ItemOfDay) =>
    item.control_id === one.controlId && item.store_id === one.storeId && item.slice === one.slice;
  return {
    control: one.controlId,
    ...(one.slice !== '' && { slice: one.slice }),
    ours: text(one.oursMicros),
    theirs: text(one.theirsMicros),
    difference: text(one.differenceMicros),
    unreconciled: text(one.unreconciledMicros),
    reconcilingItems: items.filter(isOwn).map(reconcilingItem),
    status: one.status,
    message: one.message,
  };
}
