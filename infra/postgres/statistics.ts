import { sql } from 'kysely';
import type { Db } from './connect.ts';

/** What conditions and joins look at; payloads would make the sample expensive. */
const COLUMNS = {
  raw_event: ['raw_event_id', 'client_id', 'source_id', 'batch_id', 'key_hash', 'business_date', 'occurrence'],
  ledger_entry: [
    ...['client_id', 'store_id', 'raw_event_id', 'batch_id', 'business_date', 'book', 'kind'],
    ...['order_id', 'customer_key', 'channel', 'campaign'],
  ],
  customer_sale: ['client_id', 'customer_key', 'business_date'],
} as const;

/** Tell days apart by ranges of blocks; what a new range holds they know once they are told to look. */
const BLOCK_RANGES = ['raw_event_day', 'ledger_entry_day', 'customer_sale_day'];

/** Below this a wrong plan costs nothing. */
const SMALL = 1_000;

/** A rough picture, and soon: autovacuum draws a better one. */
const SAMPLE_TARGET = 20;

type Loaded = keyof typeof COLUMNS;

async function sample(db: Db, table: Loaded): Promise<void> {
  const columns = sql.join(COLUMNS[table].map((column) => sql.ref(column)));
  await sql`set local default_statistics_target = ${sql.lit(SAMPLE_TARGET)}`.execute(db);
  await sql`analyze ${sql.table(table)} (${columns})`.execute(db);
  await sql`set local default_statistics_target to default`.execute(db);
}

/**
 * Samples a table that a load has made a tenth larger, in the transaction of the load: autovacuum comes a minute later,
 * and until then the planner takes the tables for empty and walks them once for each of the rows that were loaded.
 */
export async function sampleLoad(db: Db, table: Loaded, loaded: number): Promise<void> {
  if (loaded < SMALL) return;
  const { rows } = await sql<{ known: number | null }>`
    select case when exists (select from pg_statistic where starelid = c.oid) then c.reltuples end as known
    from pg_class c where c.oid = ${table}::regclass`.execute(db);
  const { known } = rows[0]!;
  if (known === null || loaded >= known / 10) await sample(db, table);
}

/**
 * Has the block ranges summed up for what loads have committed: until then the day of any client reads all of it.
 */
export async function summarise(db: Db): Promise<void> {
  for (const index of BLOCK_RANGES) await sql`select brin_summarize_new_values(${index}::regclass)`.execute(db);
}

/** Whether a load is large enough for anybody to feel it. */
export const isLarge = (loaded: number): boolean => loaded >= SMALL;
