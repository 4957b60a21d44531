import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { guardClientTables } from './access/guard.ts';
import { connect, type Db } from './connect.ts';

const folder = new URL('./migrations/', import.meta.url);

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  const entries = files.map(async (name) => [name.slice(0, -3), await import(new URL(name, folder).href)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

export const migratorOf = (db: Db): Migrator => new Migrator({ db, provider: { getMigrations } });

/** Sets the login of the API's role; the password stays out of the migrations, which are frozen text. */
async function allowLogin(db: Db, password: string): Promise<void> {
  const literal = sql.lit(password);
  await sql`alter role meshline_api login password ${literal}`.execute(db);
}

/**
 * Brings the database to the present schema; migrations run once, in the order of their names, under a lock,
 * and every client table is under row-level security afterwards.
 * Throws the first migration's error; what ran before it stays.
 */
export async function migrate(
  databaseUrl: string,
  options: { apiPassword?: string; onProgress?: (text: string) => void } = {},
): Promise<void> {
  const { db } = connect(databaseUrl, 2);
  try {
    const { error, results } = await migratorOf(db).migrateToLatest();
    for (const result of results ?? []) options.onProgress?.(`${result.migrationName}: ${result.status}`);
    if (error) throw error;
    await guardClientTables(db);
    if (options.apiPassword) await allowLogin(db, options.apiPassword);
  } finally {
    await db.destroy();
  }
}
