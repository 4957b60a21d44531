import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** `entries` is their number, `lastEntryId` the newest of them; null where the day has none. */
export type DayInputs = { hash: string; batches: readonly bigint[]; entries: bigint; lastEntryId: bigint | null };

/** A certificate `c` that stands by the word of a person who keeps its numbers as they were published. */
export const IS_KEPT = sql`(c.lapsed_at is null and c.evidence->'decisions' @> '[{"kept": true}]')`;

type BatchRow = { batch_id: bigint; entries: bigint; last: bigint | null };

/** The batches that the day's entries are of, what each has posted to it, and those that were captured for the day. */
async function readBatches(db: Db, clientId: string, date: string): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`
    select batch_id, sum(entries)::bigint as entries, max(last) as last from (
      select batch_id, count(*) as entries, max(entry_id) as last from ledger_entry
      where client_id = ${clientId} and business_date = ${date} group by batch_id
      union all
      select batch_id, 0, null from capture_batch where client_id = ${clientId} and slot_date = ${date}
    ) batches group by batch_id order by batch_id`.execute(db);
  return rows;
}

const largest = (ids: readonly (bigint | null)[]): bigint | null =>
  ids.reduce((most, id) => (most === null || (id !== null && id > most) ? id : most), null);

/**
 * What a day's numbers rest on. The ledger only grows, so the number of a day's entries and the last of them name its
 * content; with the day's batches and the quarantined records they change whenever an input does, and only then.
 */
export async function readInputs(db: Db, clientId: string, date: string): Promise<DayInputs> {
  const batches = await readBatches(db, clientId, date);
  const { rows } = await sql<{ quarantined: bigint; last_quarantined: bigint | null; last_total: bigint | null }>`
    select count(*)::bigint as quarantined, max(quarantine_id) as last_quarantined,
      (select max(source_total_id) from source_total where client_id = ${clientId} and business_date = ${date}) as last_total
    from quarantine where client_id = ${clientId} and business_date = ${date} and released_at is null`.execute(db);
  const { quarantined, last_quarantined, last_total } = rows[0]!;
  const entries = batches.reduce((sum, one) => sum + one.entries, 0n);
  const last = largest(batches.map((one) => one.last));
  const ids = batches.map((one) => one.batch_id);
  const content = [entries, last, quarantined, last_quarantined, last_total, ...ids].join('/');
  return {
    hash: createHash('sha256').update(`${clientId}/${date}/${content}`).digest('hex'),
    batches: ids,
    entries,
    lastEntryId: last,
  };
}

/** Notes the inputs that an attempt's values were computed from. */
export async function rememberInputs(
  db: Db,
  clientId: string,
  date: string,
  attempt: number,
  hash: string,
): Promise<void> {
  await sql`
    update attempt set input_hash = ${hash}
    where client_id = ${clientId} and business_date = ${date} and attempt = ${attempt}`.execute(db);
}

export async function rememberedInputs(
  db: Db,
  clientId: string,
  date: string,
  attempt: number,
): Promise<string | null> {
  const { rows } = await sql<{ input_hash: string | null }>`
    select input_hash from attempt
    where client_id = ${clientId} and business_date = ${date} and attempt = ${attempt}`.execute(db);
  return rows[0]?.input_hash ?? null;
}

/** The inputs that the day was last settled on. */
export async function settledInputs(db: Db, clientId: string, date: string): Promise<string | null> {
  const { rows } = await sql<{ input_hash: string | null }>`
    select input_hash from business_day where client_id = ${clientId} and business_date = ${date}`.execute(db);
  return rows[0]?.input_hash ?? null;
}

/** Whether the day has a number that a person keeps as it was published, against these very inputs. */
export async function keepsNumbers(db: Db, clientId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select from current_certificate cc join certificate c using (certificate_id)
    where cc.client_id = ${clientId} and cc.business_date = ${date} and ${IS_KEPT} limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether something was captured for the day that the ledger does not know yet. */
export async function unnormalizedBatches(db: Db, clientId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select from capture_batch
    where client_id = ${clientId} and slot_date = ${date} and normalized_with is null limit 1`.execute(db);
  return rows.length > 0;
}
