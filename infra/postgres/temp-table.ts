import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connect.ts';

/**
 * Makes a table of the transaction's own from a query, in the place of one of the same name that earlier work of the
 * transaction has left.
 */
export async function createTempTable(db: Db, name: string, query: RawBuilder<unknown>): Promise<void> {
  await sql`drop table if exists ${sql.table(`pg_temp.${name}`)}`.execute(db);
  await sql`create temp table ${sql.table(name)} on commit drop as ${query}`.execute(db);
}

/** Tells the planner what is in a table that nothing else will ever look into. */
export async function analyzeTable(db: Db, name: string): Promise<void> {
  await sql`analyze ${sql.table(name)}`.execute(db);
}

export async function hasRows(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(db);
  return rows.length > 0;
}
