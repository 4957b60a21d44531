import { sql } from 'kysely';
import type { ControlResult, ReconcilingItem } from '../../../domain/reconcile.ts';
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

async function storeItem(db: Db, key: AttemptKey, controlId: string, item: ReconcilingItem): Promise<void> {
  const { rows } = await sql<{ item_id: bigint }>`
    insert into reconciling_item (client_id, business_date, attempt, control_id, kind, amount_micros, records)
    values (${key.clientId}, ${key.businessDate}, ${key.attempt}, ${controlId}, ${item.kind}, ${item.amountMicros}, ${item.records.length})
    returning item_id`.execute(db);
  const records = item.records.map((one) => ({
    raw_event_id: String(one.rawEventId),
    amount_micros: String(one.amountMicros),
  }));
  await sql`
    insert into reconciling_item_record (item_id, client_id, raw_event_id, amount_micros)
    select ${rows[0]!.item_id}, ${key.clientId}, r.raw_event_id, r.amount_micros
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r(raw_event_id bigint, amount_micros bigint)`.execute(
    db,
  );
}

/** Replaces an attempt's control results and their items. */
export async function storeControlResults(db: Db, key: AttemptKey, results: readonly ControlResult[]): Promise<void> {
  await clearResults(db, key);
  for (const one of results) {
    await sql`
      insert into control_result (client_id, business_date, attempt, control_id, store_id, slice, metric, ours_micros,
        theirs_micros, difference_micros, unreconciled_micros, month_difference_micros, currency, status, source_total_id, message)
      values (${key.clientId}, ${key.businessDate}, ${key.attempt}, ${one.controlId}, ${one.storeId}, ${one.slice}, ${one.metric},
        ${one.oursMicros}, ${one.theirsMicros}, ${one.differenceMicros}, ${one.unreconciledMicros},
        ${one.monthDifferenceMicros}, ${one.currency}, ${one.status}, ${one.sourceTotalId}, ${one.message})`.execute(
      db,
    );
    for (const item of one.items) await storeItem(db, key, one.controlId, item);
  }
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

/** The sum of a control's differences over the earlier days of the month, each by its latest attempt. */
export async function monthDifference(
  db: Db,
  clientId: string,
  controlId: string,
  storeId: string,
  date: string,
): Promise<bigint> {
  const { rows } = await sql<{ total: bigint | null }>`
    select sum(difference_micros)::bigint as total from (
      select distinct on (business_date) business_date, difference_micros from control_result
      where client_id = ${clientId} and control_id = ${controlId} and store_id = ${storeId} and slice = ''
        and business_date >= date_trunc('month', ${date}::date) and business_date < ${date}
      order by business_date, attempt desc
    ) latest`.execute(db);
  return rows[0]?.total ?? 0n;
}

/** Amounts that are in quarantine, and so missing from our number, by record. */
export async function quarantinedAmounts(
  db: Db,
  clientId: string,
  date: string,
  sources: readonly string[],
): Promise<{ rawEventId: bigint; amountMicros: bigint }[]> {
  const { rows } = await sql<{ raw_event_id: bigint; amount_micros: bigint }>`
    select raw_event_id, amount_micros from quarantine
    where client_id = ${clientId} and business_date = ${date} and source_id = any(${[...sources]})
      and released_at is null and amount_micros is not null`.execute(db);
  return rows.map((row) => ({ rawEventId: row.raw_event_id, amountMicros: row.amount_micros }));
}
