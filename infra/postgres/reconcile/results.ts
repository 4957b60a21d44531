import { sql } from 'kysely';
import type { ReconcilingItem } from '../../../domain/reconcile/item.ts';
import type { ControlResult } from '../../../domain/reconcile.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

async function clearResults(db: Db, key: AttemptKey): Promise<void> {
  const mine = sql`client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`;
  await sql`
    delete from reconciling_item_record where item_id in (select item_id from reconciling_item where ${mine})`.execute(
    db,
  );
  await sql`delete from reconciling_item where ${mine}`.execute(db);
  await sql`delete from control_result where ${mine}`.execute(db);
}

const text = (micros: bigint | null): string | null => (micros === null ? null : String(micros));

async function insertResults(db: Db, key: AttemptKey, results: readonly ControlResult[]): Promise<void> {
  const rows = results.map((one) => ({
    control_id: one.controlId,
    store_id: one.storeId,
    slice: one.slice,
    metric: one.metric,
    ours_micros: text(one.oursMicros),
    theirs_micros: text(one.theirsMicros),
    difference_micros: text(one.differenceMicros),
    unreconciled_micros: text(one.unreconciledMicros),
    month_difference_micros: text(one.monthDifferenceMicros),
    currency: one.currency,
    status: one.status,
    source_total_id: text(one.sourceTotalId),
    message: one.message,
  }));
  await sql`
    insert into control_result (client_id, business_date, attempt, control_id, store_id, slice, metric, ours_micros,
      theirs_micros, difference_micros, unreconciled_micros, month_difference_micros, currency, status, source_total_id, message)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(control_id text, store_id text, slice text, metric text,
      ours_micros bigint, theirs_micros bigint, difference_micros bigint, unreconciled_micros bigint,
      month_difference_micros bigint, currency text, status text, source_total_id bigint, message text)`.execute(db);
}

type PlacedItem = ReconcilingItem & Pick<ControlResult, 'controlId' | 'storeId' | 'slice'>;

/** Items get their ids in the order in which they come, so that their records find them. */
async function insertItems(db: Db, key: AttemptKey, items: readonly PlacedItem[]): Promise<bigint[]> {
  const rows = items.map((one, at) => ({
    at,
    control_id: one.controlId,
    store_id: one.storeId,
    slice: one.slice,
    kind: one.kind,
    detail: one.detail,
    amount_micros: String(one.amountMicros),
    records: one.records.length,
  }));
  const { rows: ids } = await sql<{ item_id: bigint }>`
    insert into reconciling_item (client_id, business_date, attempt, control_id, store_id, slice, kind, detail, amount_micros, records)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.control_id, r.store_id, r.slice, r.kind, r.detail,
      r.amount_micros, r.records
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(at integer, control_id text, store_id text, slice text,
      kind text, detail text, amount_micros bigint, records integer)
    order by r.at
    returning item_id`.execute(db);
  return ids.map((row) => row.item_id).sort((a, b) => (a < b ? -1 : 1));
}

async function insertItemRecords(
  db: Db,
  key: AttemptKey,
  items: readonly PlacedItem[],
  ids: readonly bigint[],
): Promise<void> {
  const claims = items.flatMap((item, at) => item.records.map((one) => ({ ...one, itemId: ids[at]! })));
  const column = (of: (one: (typeof claims)[number]) => bigint) => claims.map((one) => String(of(one)));
  await sql`
    insert into reconciling_item_record (client_id, item_id, raw_event_id, amount_micros)
    select ${key.clientId}, r.* from unnest(${column((one) => one.itemId)}::bigint[],
      ${column((one) => one.rawEventId)}::bigint[], ${column((one) => one.amountMicros)}::bigint[]) as r`.execute(db);
}

/** Replaces an attempt's control results and their items, each of the control, store and slice that it explains. */
export async function storeControlResults(db: Db, key: AttemptKey, results: readonly ControlResult[]): Promise<void> {
  await clearResults(db, key);
  await insertResults(db, key, results);
  const items = results.flatMap(({ controlId, storeId, slice, items: own }) =>
    own.map((item) => ({ ...item, controlId, storeId, slice })),
  );
  if (items.length > 0) await insertItemRecords(db, key, items, await insertItems(db, key, items));
}

type ResultRow = {
  control_id: string;
  store_id: string;
  slice: string;
  metric: string;
  ours_micros: bigint | null;
  theirs_micros: bigint | null;
  difference_micros: bigint | null;
  unreconciled_micros: bigint | null;
  month_difference_micros: bigint | null;
  currency: string | null;
  status: ControlResult['status'];
  source_total_id: bigint | null;
  message: string;
};

export async function loadControlResults(db: Db, key: AttemptKey): Promise<Omit<ControlResult, 'items'>[]> {
  const { rows } = await sql<ResultRow>`
    select control_id, store_id, slice, metric, ours_micros, theirs_micros, difference_micros, unreconciled_micros,
      month_difference_micros, currency, status, source_total_id, message
    from control_result
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}
    order by control_id, store_id, slice`.execute(db);
  return rows.map((row) => ({
    controlId: row.control_id,
    storeId: row.store_id,
    slice: row.slice,
    metric: row.metric,
    oursMicros: row.ours_micros,
    theirsMicros: row.theirs_micros,
    differenceMicros: row.difference_micros,
    unreconciledMicros: row.unreconciled_micros,
    monthDifferenceMicros: row.month_difference_micros,
    currency: row.currency,
    status: row.status,
    sourceTotalId: row.source_total_id,
    message: row.message,
  }));
}
