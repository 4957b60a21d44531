import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';

/** Queries are written as SQL; Kysely parameterises them and carries the transaction. */
export type Db = Kysely<unknown>;
export type Tx = Transaction<unknown>;

const OID = { int8: 20, date: 1082 };

/** bigint columns arrive as `bigint`, dates as 'YYYY-MM-DD': neither may pass through a float or a local zone. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === OID.int8) return BigInt;
    if (oid === OID.date) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

export function connectionOptions(connectionString: string): pg.ClientConfig {
  return { connectionString, types, application_name: 'meshline', connectionTimeoutMillis: 10_000, keepAlive: true };
}

/**
 * A pool of at most `max` connections. One that breaks is dropped, and what was asked of it rejects; it never crashes the
 * process, neither while it is idle nor between two statements of a transaction.
 */
export function connect(connectionString: string, max = 10): { db: Db; pool: pg.Pool } {
  const pool = new pg.Pool({ ...connectionOptions(connectionString), max });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }), pool };
}
