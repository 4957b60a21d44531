import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type ApiClient, createClient } from '../../console/client/index.ts';
import { TestInstallation } from '../support/installation.ts';
import { Faults } from './faults.ts';
import { openShop, type Shop } from './shop.ts';

/** A whole installation with a shop's files, on which closes are cut off. */
export type Ground = {
  installation: TestInstallation;
  faults: Faults;
  shop: Shop;
  api: ApiClient;
  mails(): Promise<{ messageId: string | null }[]>;
  verifyAudit(client: string): Promise<unknown>;
  /** Whether the API recomputes the day's numbers from the raw events as they were published. */
  recompute(client: string, date: string): Promise<unknown>;
  query<T>(text: string, values: readonly unknown[]): Promise<T[]>;
  dispose(): Promise<void>;
};

const tokenOf = (data: string): string => readFileSync(join(data, 'secrets', 'local.token'), 'utf8').trim();

/** One query on a connection of its own; none is left where Postgres is away. */
async function query<T>(url: string, text: string, values: readonly unknown[]): Promise<T[]> {
  const db = new pg.Client({ connectionString: url });
  db.on('error', () => undefined);
  await db.connect();
  try {
    return (await db.query(text, [...values])).rows as T[];
  } finally {
    await db.end().catch(() => undefined);
  }
}

/** Starts everything with `meshline up --empty`. */
export async function openGround(env: Readonly<Record<string, string>> = {}): Promise<Ground> {
  const installation = new TestInstallation(env);
  const shop = await openShop();
  const dispose = async () => {
    await installation.dispose();
    await shop.remove();
  };
  try {
    await installation.start('--empty');
    const { endpoints, data } = installation;
    const api = createClient({ baseUrl: endpoints.api, token: tokenOf(data) });
    const faults = new Faults(endpoints.postgres);
    await faults.connect();
    return {
      ...{ installation, shop, api, faults },
      async mails() {
        const answer = await fetch(`${endpoints.mailbox}/api/messages`);
        return ((await answer.json()) as { messages: { messageId: string | null }[] }).messages;
      },
      async verifyAudit(client) {
        const { data: verified, error } = await api.GET('/api/v1/audit/verify', { params: { query: { client } } });
        return verified ? { ok: verified.ok, problems: verified.problems } : error;
      },
      async recompute(client, date) {
        const params = { path: { client }, query: { metric: 'net_sales', date } };
        const { data: told, error } = await api.GET('/api/v1/clients/{client}/explanation', { params });
        return told ? told.recomputed : error;
      },
      query: (text, values) => query(endpoints.postgres, text, values),
      async dispose() {
        await faults.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
