import { type Kysely, sql } from 'kysely';

/**
 * The entries of a record lie where those of its neighbours lie, and records are looked for a batch at a time: the ranges
 * of blocks that tell the days apart also tell the batches apart, and a tree with a leaf for each entry is saved.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index ledger_entry_event`.execute(db);
  await sql`drop index ledger_entry_day`.execute(db);
  await sql`
    create index ledger_entry_day on ledger_entry using brin (client_id, business_date, raw_event_id)
    with (pages_per_range = 32)`.execute(db);
}
