import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type NewTotal = {
  clientId: string;
  storeId: string;
  controlId: string;
  metric: string;
  businessDate: string;
  slice: string | null;
  valueMicros: bigint;
  evidence: string;
  origin: string;
  contentHash: string;
};
export type KnownTotal = {
  source_total_id: bigint;
  value_micros: bigint;
  evidence: string;
  origin: string;
  read_at: Date;
};

/** Keeps a total as it was read. The same value again is not kept twice: a platform that restates shows as a new row. */
export async function storeTotal(db: Db, total: NewTotal): Promise<boolean> {
  const known = await latestTotal(db, total.clientId, total.controlId, total.businessDate, total.storeId, total.slice);
  if (known && known.value_micros === total.valueMicros) return false;
  await sql`
    insert into source_total (client_id, store_id, control_id, metric, business_date, slice, value_micros, evidence, origin, content_hash)
    values (${total.clientId}, ${total.storeId}, ${total.controlId}, ${total.metric}, ${total.businessDate}, ${total.slice},
      ${total.valueMicros}, ${total.evidence}, ${total.origin}, ${total.contentHash})`.execute(db);
  return true;
}

export async function latestTotal(
  db: Db,
  clientId: string,
  controlId: string,
  date: string,
  storeId: string,
  slice: string | null,
): Promise<KnownTotal | undefined> {
  const { rows } = await sql<KnownTotal>`
    select source_total_id, value_micros, evidence, origin, read_at from source_total
    where client_id = ${clientId} and business_date = ${date} and control_id = ${controlId} and store_id = ${storeId}
      and slice is not distinct from ${slice}
    order by source_total_id desc limit 1`.execute(db);
  return rows[0];
}
