import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A platform's own number of one place: a store, or the client where it is '', and a member of a slice. */
export type PlaceTotal = { storeId: string; slice: string | null; valueMicros: bigint };

/** What a platform states of a control and day. */
export type StatedTotals = {
  clientId: string;
  controlId: string;
  metric: string;
  businessDate: string;
  evidence: string;
  origin: string;
  contentHash: string;
  totals: readonly PlaceTotal[];
  /** All that the platform states: a place that it named before and names no longer is withdrawn. */
  complete: boolean;
};

/** Totals come after the day's lock, so that none slips between what publish reads and what it certifies. */
async function lockStatedDay(tx: Db, { clientId, businessDate }: StatedTotals): Promise<void> {
  await sql`
    select 1 from business_day where client_id = ${clientId} and business_date = ${businessDate} for update`.execute(
    tx,
  );
}

async function insertChanged(tx: Db, stated: StatedTotals): Promise<string[]> {
  const { clientId, controlId, metric, businessDate, evidence, origin, contentHash, complete } = stated;
  const rows = stated.totals.map(({ storeId, slice, valueMicros }) => ({
    store_id: storeId,
    slice,
    value_micros: String(valueMicros),
  }));
  const inserted = await sql<{ store_id: string }>`
    with stated as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(store_id text, slice text, value_micros bigint)
    ), latest as (
      select distinct on (store_id, slice) store_id, slice, value_micros, metric, evidence from source_total
      where client_id = ${clientId} and business_date = ${businessDate} and control_id = ${controlId}
      order by store_id, slice, source_total_id desc
    ), changed as (
      select s.store_id, s.slice, s.value_micros from stated s
      where not exists (select from latest l where l.store_id = s.store_id and l.slice is not distinct from s.slice
        and l.value_micros = s.value_micros and l.metric = ${metric} and l.evidence = ${evidence})
      union all
      select l.store_id, l.slice, null from latest l
      where ${complete} and l.value_micros is not null
        and not exists (select from stated s where s.store_id = l.store_id and s.slice is not distinct from l.slice)
    )
    insert into source_total (client_id, control_id, metric, business_date, evidence, origin, content_hash, store_id, slice, value_micros)
    select ${clientId}, ${controlId}, ${metric}, ${businessDate}, ${evidence}, ${origin}, ${contentHash}, c.* from changed c
    returning store_id`.execute(tx);
  return inserted.rows.map((row) => row.store_id);
}

/** Ends the standing of the certificates that compared the metric with what was stated before; numbers stay as they are. */
async function lapseCompared(tx: Db, stated: StatedTotals, stores: readonly string[]): Promise<void> {
  const { clientId, businessDate, metric, controlId } = stated;
  const { numAffectedRows } = await sql`
    update certificate set lapsed_at = now(), lapse_reason = ${`the total of ${controlId} changed`}
    where client_id = ${clientId} and business_date = ${businessDate} and metric = ${metric} and lapsed_at is null
      and (store_id = '' or store_id = any(${[...stores]}) or '' = any(${[...stores]}))`.execute(tx);
  if (!numAffectedRows) return;
  await sql`
    update business_day set lapsed_at = now()
    where client_id = ${clientId} and business_date = ${businessDate} and status <> 'running'`.execute(tx);
}

/**
 * Keeps totals as they were stated, each once: a value that is stated anew, or withdrawn, is a new row, and ends the
 * standing of what was compared with the one before. Must run in a transaction. Answers how many rows are new.
 */
export async function storeTotals(tx: Db, stated: StatedTotals): Promise<number> {
  await lockStatedDay(tx, stated);
  const stores = await insertChanged(tx, stated);
  if (stores.length > 0) await lapseCompared(tx, stated, [...new Set(stores)]);
  return stores.length;
}

export type KnownTotal = {
  source_total_id: bigint;
  control_id: string;
  metric: string;
  store_id: string;
  slice: string | null;
  value_micros: bigint;
  evidence: string;
  origin: string;
  read_at: Date;
};

/** What the platforms state of a day now, by control and place; what was withdrawn is not among it. */
export async function latestTotals(db: Db, clientId: string, date: string): Promise<KnownTotal[]> {
  const { rows } = await sql<KnownTotal>`
    select * from (
      select distinct on (control_id, store_id, slice) source_total_id, control_id, metric, store_id, slice, value_micros,
        evidence, origin, read_at
      from source_total where client_id = ${clientId} and business_date = ${date}
      order by control_id, store_id, slice, source_total_id desc
    ) latest where value_micros is not null`.execute(db);
  return rows;
}
