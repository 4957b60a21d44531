import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connect, type Db } from '../../infra/postgres/connect.ts';

/** A database of a test's own, migrated and empty. */
export type TestDatabase = {
  db: Db;
  /** URI of the owning role. */
  url: string;
  /** URI of the API's role, which sees only the clients that `meshline.clients` names. */
  apiUrl: string;
  drop(): Promise<void>;
};

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${process.env.MESHLINE_TEST_POSTGRES}postgres` });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Clones the migrated template, or one that is empty; call `drop` when the test file is done. */
export async function createTestDatabase(template = 'meshline_template'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`create database ${name} template ${template} strategy file_copy`);
  const url = `${process.env.MESHLINE_TEST_POSTGRES}${name}`;
  const { db } = connect(url);
  return {
    db,
    url,
    apiUrl: url.replace('://meshline:', '://meshline_api:'),
    async drop() {
      await db.destroy();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}
