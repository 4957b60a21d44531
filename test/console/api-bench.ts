import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { type AppOptions, buildApp } from '../../console/api/app.ts';
import type { ApiDeps } from '../../console/api/deps.ts';
import type { Role } from '../../console/api/rights.ts';
import { pageLinks } from '../../infra/delivery-page/links.ts';
import { tokenHash } from '../../infra/postgres/access/tokens.ts';
import { connect } from '../../infra/postgres/connect.ts';
import { startRecompute } from '../../infra/rowwork/recompute-pool.ts';
import { API_PREFIX } from '../../schemas/api/common.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export type Answer<T = Record<string, unknown>> = { status: number; type: string; headers: Headers; body: T };
export type Ask = { token?: string; body?: unknown; headers?: Record<string, string> };

/** The API over a real database, asked through real HTTP. Call `stop` when the test file is done. */
export type ApiBench = {
  app: Awaited<ReturnType<typeof buildApp>>;
  database: TestDatabase;
  deps: ApiDeps;
  url: string;
  /** Makes a token, as an administrator's would be. */
  token(role: Role, clients?: readonly string[] | null, person?: string, service?: boolean): Promise<string>;
  ask<T = Record<string, unknown>>(method: string, path: string, ask?: Ask): Promise<Answer<T>>;
  stop(): Promise<void>;
};

let tokens = 0;

async function makeToken(
  database: TestDatabase,
  role: Role,
  clients: readonly string[] | null,
  person: string,
  service: boolean,
) {
  tokens += 1;
  const token = `token-of-the-test-${tokens}`;
  await sql`
    insert into access_token (token_id, token_hash, person, role, clients, created_by, service)
    values (${`t${tokens}`}, ${tokenHash(token)}, ${person}, ${role}, ${clients && [...clients]}, 'test', ${service})`.execute(
    database.db,
  );
  return token;
}

async function ask<T>(url: string, method: string, path: string, { token, body, headers }: Ask): Promise<Answer<T>> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : raw ? (body as string) : JSON.stringify(body),
  });
  const type = answer.headers.get('content-type') ?? '';
  const text = await answer.text();
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    body: (type.includes('json') ? JSON.parse(text) : text) as T,
  };
}

/** Starts the API on a free port, over `database` or one of its own. Temporal is away unless a client is given. */
export async function startApi(
  given: {
    database?: TestDatabase;
    temporal?: Client;
    secrets?: ApiDeps['secrets'];
    publicUrl?: string;
    options?: AppOptions;
  } = {},
): Promise<ApiBench> {
  const database = given.database ?? (await createTestDatabase());
  const folder = await mkdtemp(join(tmpdir(), 'meshline-api-'));
  const { db } = connect(database.apiUrl, 5);
  const recompute = startRecompute(1);
  const secrets = given.secrets ?? { auditKey: Buffer.alloc(32, 7), customerKey: Buffer.alloc(32, 9) };
  const deps: ApiDeps = {
    db,
    recompute,
    databaseUrl: database.apiUrl,
    temporal: given.temporal ?? new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) }),
    secrets,
    isSecretSet: (ref) => ref !== 'not-there',
    pages: pageLinks(secrets.auditKey, given.publicUrl ?? null),
    files: { roots: ['/'], uploadsFolder: join(folder, 'uploads'), maximumUploadBytes: 1_000_000 },
  };
  const app = await buildApp(deps, given.options);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    app,
    database,
    deps,
    url,
    token: (role, clients = null, person = `${role}-person`, service = false) =>
      makeToken(database, role, clients, person, service),
    ask: (method, path, wish = {}) => ask(url, method, path.startsWith('/docs') ? path : `${API_PREFIX}${path}`, wish),
    async stop() {
      await app.close();
      await recompute.close();
      await db.destroy();
      if (!given.database) await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
