import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { apiSettings } from '../../console/api/settings.ts';
import { pageLinks } from '../../infra/delivery-page/links.ts';
import type { DeliveryDocument } from '../../schemas/api/deliveries.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const KEY = Buffer.alloc(32, 7);
const messageId = (number: number) => `<report.${String(number).repeat(32)}@meshline.local>`;

let api: ApiBench;
const logged: string[] = [];
beforeAll(async () => {
  const stream = { write: (line: string) => void logged.push(line) };
  api = await startApi({ publicUrl: 'http://reports.example', options: { logger: { level: 'info', stream } } });
  await sql`insert into client (client_id, name) values ('ours', 'ours')`.execute(api.database.db);
  for (const [number, status] of [
    [1, 'sent'],
    [2, 'draft'],
    [3, 'stored'],
    [4, 'superseded'],
  ] as const)
    await sql`
      insert into delivery (client_id, business_date, report_id, destination_id, report_version, attempt, mode, release,
        recipients, message_id, subject, html, body_text, status)
      values ('ours', '2026-03-02', 'nightly', 'mail', ${`v${number}`}, 1, 'live', 'automatic', '["x@client.example"]',
        ${messageId(number)}, 's', ${`<!doctype html><p>report ${number}</p>`}, 't', ${status})`.execute(
      api.database.db,
    );
});
afterAll(() => api.stop());

const tokenOf = (number: number, nowMs = Date.now()) =>
  new URL(pageLinks(KEY, 'http://reports.example').linkTo(messageId(number), nowMs)!).pathname;
const open = async (path: string, headers: Record<string, string> = {}) => {
  const {
    statusCode,
    body,
    headers: said,
  } = await api.app.inject({
    url: path,
    headers: { host: 'localhost', ...headers },
  });
  return { status: statusCode, body, said };
};

test('a mail that went out is read by its link without signing in, under headers that let it load nothing', async () => {
  const { status, body, said } = await open(tokenOf(1));
  expect([status, body]).toEqual([200, '<!doctype html><p>report 1</p>']);
  expect(said).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'none'; style-src 'unsafe-inline'"),
    'x-robots-tag': 'noindex, nofollow',
  });
});

test('what nobody released has no page, by whatever link', async () => {
  for (const number of [2, 3, 4, 5]) {
    const { status, body } = await open(tokenOf(number));
    expect([number, status, body.includes(`report ${number}`)]).toEqual([number, 404, false]);
    expect(body).toContain('There is no report at this address.');
  }
});

test('a link that has expired or was altered gets a page that says so', async () => {
  const expired = await open(tokenOf(1, Date.now() - 91 * 86_400_000));
  expect([expired.status, expired.body]).toEqual([410, expect.stringContaining('This link has expired.')]);
  const altered = await open(`${tokenOf(1).slice(0, -3)}AAA`);
  expect([altered.status, altered.said['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const token = tokenOf(1);
  const others = [...alphabet].filter((last) => !token.endsWith(last)).map((last) => `${token.slice(0, -1)}${last}`);
  const said = await Promise.all(others.map((one) => open(one)));
  expect(new Set(said.map(({ status }) => status))).toEqual(new Set([404]));
});

test('a page is refused under a name that is not ours, as everything is', async () => {
  expect((await open(tokenOf(1), { host: 'evil.example' })).status).toBe(403);
  const environment = { MESHLINE_HOME: '/home', DATABASE_URL: 'postgres://x', MESHLINE_API_PORT: '1' };
  const settings = apiSettings({ ...environment, MESHLINE_PUBLIC_URL: 'https://reports.agency.example' });
  expect(settings.allowedHosts).toEqual(['reports.agency.example']);
  expect(() => apiSettings({ ...environment, MESHLINE_PUBLIC_URL: 'reports' })).toThrow('MESHLINE_PUBLIC_URL');
});

test('the log keeps no token of a page', async () => {
  const path = tokenOf(1);
  await open(path);
  await open(`${path}/more`);
  const told = logged.join('');
  expect(told).toContain('/r/[token]');
  expect(told).not.toContain(path.slice(3, 40));
});

test('a delivery shows its link where it was let out', async () => {
  const token = await api.token('viewer');
  const ids = await sql<{ id: string; status: string }>`
    select delivery_id::text as id, status from delivery order by delivery_id`.execute(api.database.db);
  for (const { id, status } of ids.rows) {
    const { body } = await api.ask<DeliveryDocument>('GET', `/deliveries/${id}`, { token });
    expect([status, body.page]).toEqual([
      status,
      status === 'sent' ? expect.stringContaining('http://reports.example/r/report.') : null,
    ]);
  }
});
