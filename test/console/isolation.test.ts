import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { readScoped, type Scope, writeScoped } from '../../infra/postgres/access/scope.ts';
import { holderOf, insertToken, listTokens } from '../../infra/postgres/access/tokens.ts';
import { connect, type Db, type Tx } from '../../infra/postgres/connect.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

type Column = { name: string; type: string };

let database: TestDatabase;
let api: Db;
let tables: string[];

/**
 * Tables that belong to no client; the API reaches none of them but the tokens and the names of what workers have, and
 * those under a policy of their own.
 */
const OF_THE_INSTALLATION = ['access_token', 'kysely_migration', 'kysely_migration_lock', 'worker_environment'];
/** Views of the warehouse's role, in which every row names its client; the API reads none of them. */
const VIEWS = ['published_number_current', 'published_number_history', 'warehouse_client'];
const INSERTS = [
  'audit_event',
  'audit_head',
  'client',
  'event',
  'operating_model',
  'period',
  'period_lock',
  'period_number',
  'source_total',
  'transform_version',
  'upload',
];

const VALUES: Readonly<Record<string, (client: string, number: number) => string>> = {
  text: (client, number) => `'${client}-${number}'`,
  integer: (_, number) => String(number),
  bigint: (_, number) => String(number),
  date: () => `'2026-01-01'`,
  jsonb: () => `'{}'`,
  bytea: () => `'\\x00'`,
  boolean: () => 'false',
  uuid: () => 'gen_random_uuid()',
  'timestamp with time zone': () => 'now()',
  ARRAY: () => `'{}'`,
};

/** Columns that take certain values only. */
const CHECKED: Readonly<Record<string, string>> = {
  'exception.state': `'healing'`,
  'decision.outcome': `'noted'`,
  'handoff.kind': `'source'`,
  'delivery.status': `'sent'`,
  'period.month': `'2026-01'`,
  'prior_period_adjustment.period_month': `'2026-02'`,
};

async function columnsOf(table: string): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_nullable = 'NO' and column_default is null
      and is_identity = 'NO' and column_name <> 'client_id'`.execute(database.db);
  return rows;
}

let inserted = 0;

/** A row of a client in a table that the test knows nothing else of. */
async function insertRow(tx: Tx, table: string, client: string): Promise<void> {
  inserted += 1;
  const columns = await columnsOf(table);
  const values = columns.map(({ name, type }) => CHECKED[`${table}.${name}`] ?? VALUES[type]!(client, inserted));
  const names = ['client_id', ...columns.map((one) => `"${one.name}"`)].join(', ');
  await sql.raw(`insert into "${table}" (${names}) values (${[`'${client}'`, ...values].join(', ')})`).execute(tx);
}

beforeAll(async () => {
  database = await createTestDatabase();
  api = connect(database.apiUrl, 2).db;
  const { rows } = await sql<{ name: string }>`
    select distinct c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'client_id'
      and not a.attisdropped order by 1`.execute(database.db);
  tables = rows.map((row) => row.name);
  await database.db.transaction().execute(async (tx) => {
    // Rows that name others that are not there: what is tested is who sees them.
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const table of tables) for (const client of ['ours', 'theirs']) await insertRow(tx, table, client);
  });
});

afterAll(async () => {
  await api.destroy();
  await database.drop();
});

async function clientsIn(table: string, scope: Scope): Promise<string[]> {
  const { rows } = await readScoped(api, scope, (tx) =>
    sql<{ client_id: string }>`select client_id from ${sql.table(table)} order by 1`.execute(tx),
  );
  return rows.map((row) => row.client_id);
}

describe('every client table', () => {
  test('is known: a table belongs to a client, or is named here as one of the installation', async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
      order by 1`.execute(database.db);
    expect(rows.map((row) => row.name)).toEqual([...tables, ...OF_THE_INSTALLATION, ...VIEWS].sort());
  });

  test('is under row-level security that holds for its owner as well', async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity and relforcerowsecurity
      order by 1`.execute(database.db);
    expect(rows.map((row) => row.name)).toEqual([...tables, 'access_token'].sort());
  });

  test('shows a transaction the rows of its clients and no others', async () => {
    for (const table of tables) {
      expect([table, await clientsIn(table, { clients: ['ours'] })]).toEqual([table, ['ours']]);
      expect([table, await clientsIn(table, { clients: ['ours', 'theirs'] })]).toEqual([table, ['ours', 'theirs']]);
      expect([table, await clientsIn(table, { clients: null })]).toEqual([table, ['ours', 'theirs']]);
      expect([table, await clientsIn(table, { clients: [] })]).toEqual([table, []]);
    }
  });

  test('shows nothing where nobody said whose rows may be seen', async () => {
    for (const table of tables) {
      const { rows } = await sql`select from ${sql.table(table)}`.execute(api);
      expect([table, rows.length]).toEqual([table, 0]);
    }
  });

  test('what one transaction may see is forgotten before the next one on its connection', async () => {
    await readScoped(api, { clients: null, role: 'admin' }, (tx) => sql`select 1`.execute(tx));
    const { rows } = await sql<{ clients: string | null; role: string | null }>`
      select nullif(current_setting('meshline.clients', true), '') as clients,
        nullif(current_setting('meshline.role', true), '') as role`.execute(api);
    expect(rows).toEqual([{ clients: null, role: null }]);
  });
});

describe("the API's role", () => {
  test('is no owner, no superuser, and goes around no policy', async () => {
    const { rows } = await sql`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
        exists (select from pg_class c where c.relowner = r.oid) as owns
      from pg_roles r where rolname = 'meshline_api'`.execute(database.db);
    expect(rows).toEqual([
      { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, owns: false },
    ]);
  });

  test('may write what it was granted and no more', async () => {
    const { rows } = await sql<{ name: string; right: string }>`
      select table_name as name, privilege_type as right from information_schema.role_table_grants
      where grantee = 'meshline_api' and privilege_type <> 'SELECT' order by 1, 2`.execute(database.db);
    expect(rows.map((row) => `${row.right} ${row.name}`)).toEqual(INSERTS.map((name) => `INSERT ${name}`));
    const updates = await sql<{ column: string }>`
      select table_name || '.' || column_name as column from information_schema.role_column_grants
      where grantee = 'meshline_api' and privilege_type = 'UPDATE' order by 1`.execute(database.db);
    expect(updates.rows.map((row) => row.column)).toEqual([
      'access_token.revoked_at',
      'audit_head.hash',
      'audit_head.sequence',
      'business_day.lapsed_at',
      'certificate.lapse_reason',
      'certificate.lapsed_at',
      'client.name',
      'client.scheduled_at',
      'delivery.queued_at',
      'delivery.released_at',
      'delivery.released_by',
      'delivery.resend_id',
      'delivery.status',
      'period.close_reason',
      'period.closed_at',
      'period.closed_by',
      'period.locks',
      'period.reopening_at',
      'period.reopening_by',
      'period.reopening_reason',
      'period.seen_hash',
      'period.state',
    ]);
  });

  test('writes no row of a client that the transaction does not see', async () => {
    for (const table of INSERTS) {
      const write = writeScoped(api, { clients: ['ours'] }, (tx) => insertRow(tx, table, 'theirs'));
      await expect(write).rejects.toThrow(/row-level security/);
    }
    const renamed = await writeScoped(api, { clients: ['ours'] }, (tx) =>
      sql`update client set name = 'taken' where client_id = 'theirs'`.execute(tx),
    );
    expect(renamed.numAffectedRows).toBe(0n);
    await expect(sql`delete from audit_event`.execute(api)).rejects.toThrow(/permission denied/);
  });
});

describe('tokens', () => {
  const token = 'a-token-for-this-test';
  const made = {
    tokenId: 'one',
    token,
    person: 'ada',
    role: 'viewer',
    clients: ['ours'],
    createdBy: 'root',
    service: false,
  };

  test('are made and listed by administrators only, and never with their hashes', async () => {
    await expect(writeScoped(api, { clients: null, role: 'owner' }, (tx) => insertToken(tx, made))).rejects.toThrow(
      /row-level security/,
    );
    await writeScoped(api, { clients: null, role: 'admin' }, (tx) => insertToken(tx, made));
    expect(await readScoped(api, { clients: null, role: 'owner' }, listTokens)).toEqual([]);
    expect(await readScoped(api, { clients: null, role: 'admin' }, listTokens)).toMatchObject([{ token_id: 'one' }]);
    const hashes = readScoped(api, { clients: null, role: 'admin' }, (tx) =>
      sql`select token_hash from access_token`.execute(tx),
    );
    await expect(hashes).rejects.toThrow(/permission denied/);
  });

  test('are found by their text, until they are revoked', async () => {
    const holder = { tokenId: 'one', person: 'ada', role: 'viewer', clients: ['ours'], service: false };
    expect(await holderOf(api, token)).toEqual(holder);
    expect(await holderOf(api, `${token}x`)).toBeUndefined();
    await sql`update access_token set revoked_at = now() where token_id = 'one'`.execute(database.db);
    expect(await holderOf(api, token)).toBeUndefined();
  });
});
