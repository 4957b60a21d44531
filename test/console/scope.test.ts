import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RIGHTS, type Right, ROLES, type Role } from '../../console/api/rights.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { fileControl, openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { type Answer, type ApiBench, type Ask, startApi } from './api-bench.ts';

const DAY = '2026-03-02';
/** A day without a total to compare with: it is published. */
const PUBLISHED = '2026-03-01';
const OURS = 'our-shop';
const THEIRS = 'their-shop';
/** What only the other client's documents hold. */
const SECRET = '7731.19';

let bench: CloseBench;
let api: ApiBench;
let shop: SmallShop;
let theirException: string;
let theirIncident: string;
let theirDelivery: string;

type Wish = { path: string; body?: unknown; headers?: Record<string, string> };
/** `hides`: asked for the other client, it is not there. `filters`: it shows what the token reaches. */
type Scoped = { how: 'hides' | 'filters' | 'refuses' | 'open'; wish: (client: string) => Wish };

const post = (path: string, body: unknown) => (client: string) => ({ path: path.replace('CLIENT', client), body });
const get = (path: string) => (client: string) => ({ path: path.replace('CLIENT', client) });
const hides = (wish: Scoped['wish']): Scoped => ({ how: 'hides', wish });
const filters = (wish: Scoped['wish']): Scoped => ({ how: 'filters', wish });
const refuses = (wish: Scoped['wish']): Scoped => ({ how: 'refuses', wish });
const open = (wish: Scoped['wish']): Scoped => ({ how: 'open', wish });
const documentOf = (client: string) =>
  shop.document({ client: { id: client, name: client }, report: { title: `Report ${randomUUID()}` } });
const exceptionOf = () => `/exceptions/${theirException}`;

/** How each route treats a token of another client. A route that is not here fails the first test. */
const ROUTES: Readonly<Record<string, Scoped>> = {
  'GET /health': open(get('/health')),
  'GET /clients': filters(get('/clients')),
  'POST /clients': refuses((client) => ({ path: '/clients', body: documentOf(client) })),
  'POST /clients/preview': refuses((client) => ({
    path: '/clients/preview',
    body: { ...documentOf(client), date: DAY },
  })),
  'GET /clients/{client}': hides(get('/clients/CLIENT')),
  'GET /clients/{client}/closes/{date}': hides(get(`/clients/CLIENT/closes/${DAY}`)),
  'GET /clients/{client}/closes': hides(get(`/clients/CLIENT/closes?from=${DAY}&to=${DAY}`)),
  'POST /clients/{client}/closes/{date}': hides(post(`/clients/CLIENT/closes/${DAY}`, {})),
  'POST /clients/{client}/closes/{date}/cancel': hides(post(`/clients/CLIENT/closes/${DAY}/cancel`, { reason: 'x' })),
  'POST /clients/{client}/closes/{date}/revise': hides(post(`/clients/CLIENT/closes/${DAY}/revise`, { reason: 'x' })),
  'POST /clients/{client}/closes/{date}/revision-preview': hides(
    post(`/clients/CLIENT/closes/${DAY}/revision-preview`, undefined),
  ),
  'POST /clients/{client}/backfills': hides(post('/clients/CLIENT/backfills', { from: DAY, to: DAY })),
  'POST /schedules': hides((client) => ({ path: '/schedules', body: { client } })),
  'GET /clients/{client}/sources/check': hides(get(`/clients/CLIENT/sources/check?date=${DAY}`)),
  'POST /clients/{client}/sources/{source}/uploads': hides((client) => ({
    path: `/clients/${client}/sources/shop/uploads?fileName=x&date=${DAY}`,
    body: 'text',
    headers: { 'content-type': 'application/octet-stream' },
  })),
  'POST /clients/{client}/controls/{control}/totals': hides(
    post('/clients/CLIENT/controls/platform/totals', { businessDate: DAY, value: '1.00' }),
  ),
  'GET /clients/{client}/numbers': hides(get('/clients/CLIENT/numbers')),
  'GET /clients/{client}/exports': hides(get('/clients/CLIENT/exports?month=2026-03&format=csv')),
  'GET /clients/{client}/explanation': hides(get(`/clients/CLIENT/explanation?metric=gross_sales&date=${PUBLISHED}`)),
  'GET /clients/{client}/periods/{month}': hides(get('/clients/CLIENT/periods/2026-03')),
  'POST /clients/{client}/periods/{month}/close': hides(post('/clients/CLIENT/periods/2026-03/close', {})),
  'POST /clients/{client}/periods/{month}/lock': hides(post('/clients/CLIENT/periods/2026-03/lock', {})),
  'POST /clients/{client}/periods/{month}/reopen': hides(
    post('/clients/CLIENT/periods/2026-03/reopen', { reason: 'x' }),
  ),
  'GET /exceptions': filters(get('/exceptions')),
  'GET /exceptions/{id}': hides(() => ({ path: exceptionOf() })),
  'POST /exceptions/{id}/decisions': hides(() => ({
    path: `${exceptionOf()}/decisions`,
    body: { decisionId: randomUUID(), verb: 'approve', reason: 'x' },
  })),
  'POST /exceptions/{id}/fixes': hides(() => ({
    path: `${exceptionOf()}/fixes`,
    body: { records: [{ event: '1', set: { amount: '1.00' } }] },
  })),
  'GET /handoffs': filters(get('/handoffs')),
  'GET /events': filters(get('/events')),
  'GET /deliveries': filters(get('/deliveries')),
  'GET /deliveries/{id}': hides(() => ({ path: `/deliveries/${theirDelivery}` })),
  'POST /deliveries/{id}/release': hides(() => ({ path: `/deliveries/${theirDelivery}/release`, body: {} })),
  'POST /deliveries/{id}/resend': hides(() => ({
    path: `/deliveries/${theirDelivery}/resend`,
    body: { requestId: randomUUID() },
  })),
  'GET /incidents': filters(get('/incidents')),
  'GET /incidents/{id}': hides(() => ({ path: `/incidents/${theirIncident}` })),
  'POST /incidents/{id}/decisions': hides(() => ({
    path: `/incidents/${theirIncident}/decisions`,
    body: { decisionId: randomUUID(), verb: 'ack', reason: 'x' },
  })),
  'GET /clients/{client}/audit': hides(get(`/clients/CLIENT/audit?date=${DAY}`)),
  'GET /audit/verify': filters(get('/audit/verify')),
  'GET /tokens': refuses(get('/tokens')),
  'POST /tokens': refuses(post('/tokens', { person: 'eve', role: 'viewer' })),
  'DELETE /tokens/{id}': refuses(get('/tokens/none')),
};

type Described = { method: string; path: string; right: Right | 'public' };

function describedRoutes(): Described[] {
  const { paths } = api.app.swagger() as unknown as { paths: Record<string, Record<string, { 'x-right': Right }>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/v1', ''),
      right: route['x-right'],
    })),
  );
}

const roleBelow = (role: Role): Role | undefined => ROLES[ROLES.indexOf(role) - 1];

async function send(name: string, client: string, token?: string): Promise<Answer> {
  const { path, body, headers } = ROUTES[name]!.wish(client);
  return api.ask(name.split(' ')[0]!, path, { token, body, headers } as Ask);
}

beforeAll(async () => {
  bench = await startCloseBench();
  shop = await openSmallShop();
  api = await startApi({ database: bench.database, secrets: bench.deps.secrets });
  await shop.orders(DAY, [{ id: 'order-1', at: `${DAY}T15:00:00Z`, amount: SECRET }]);
  await shop.orders(PUBLISHED, [{ id: 'order-0', at: `${PUBLISHED}T15:00:00Z`, amount: SECRET }]);
  await shop.totals([`${DAY},1.00,`]);
  for (const client of [OURS, THEIRS]) {
    await bench.apply(shop.document({ client: { id: client, name: client }, controls: [fileControl('gross_sales')] }));
    for (const businessDate of [PUBLISHED, DAY]) await bench.close({ clientId: client, businessDate });
  }
  const admin = await api.token('admin');
  const listed = await api.ask<{ exceptions: { id: string }[] }>('GET', `/exceptions?client=${THEIRS}`, {
    token: admin,
  });
  theirException = listed.body.exceptions[0]!.id;
  const sent = await api.ask<{ deliveries: { id: string }[] }>('GET', `/deliveries?client=${THEIRS}`, { token: admin });
  theirDelivery = sent.body.deliveries[0]!.id;
  await bench.run(() => bench.activities.askOwner(theirException));
  await bench.run(() => bench.activities.escalate(theirException));
  theirIncident = (await bench.run(() => bench.activities.openIncident(theirException)))!;
}, 60_000);

afterAll(async () => {
  await api.stop();
  await bench.stop();
  await shop.remove();
});

test('every route says how it treats a token of another client', () => {
  expect(
    describedRoutes()
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  ).toEqual(Object.keys(ROUTES).sort());
});

test('every route but health asks for a token', async () => {
  for (const { method, path, right } of describedRoutes()) {
    const name = `${method} ${path}`;
    const { status } = await send(name, OURS);
    expect([name, status]).toEqual([name, right === 'public' ? 200 : 401]);
  }
});

test('every route refuses a role below the one that it needs', async () => {
  for (const { method, path, right } of describedRoutes()) {
    const below = right === 'public' ? undefined : roleBelow(RIGHTS[right]);
    if (!below) continue;
    const name = `${method} ${path}`;
    const { status, body } = await send(name, OURS, await api.token(below, [OURS]));
    expect([name, status, body.type]).toEqual([name, 403, '/problems/not-allowed']);
  }
});

describe('a token of one client', () => {
  const of = (how: Scoped['how']) => Object.keys(ROUTES).filter((name) => ROUTES[name]!.how === how);

  test('is told that what is of another client is not there', async () => {
    const token = await api.token('owner', [OURS]);
    for (const name of of('hides')) {
      const { status, body } = await send(name, THEIRS, token);
      expect([name, status, JSON.stringify(body).includes(SECRET)]).toEqual([name, 404, false]);
    }
  });

  test('may not write for another client, nor for the installation', async () => {
    const token = await api.token('owner', [OURS]);
    for (const name of of('refuses')) {
      const { status } = await send(name, THEIRS, token);
      expect([name, status]).toEqual([name, 403]);
    }
  });

  test('sees of a list what it reaches, and a token of all sees all', async () => {
    const [narrow, wide] = [await api.token('owner', [OURS]), await api.token('owner')];
    for (const name of of('filters')) {
      const [some, all] = [await send(name, THEIRS, narrow), await send(name, THEIRS, wide)];
      expect([name, some.status, JSON.stringify(some.body).includes(THEIRS)]).toEqual([name, 200, false]);
      expect([
        name,
        JSON.stringify(some.body).length < JSON.stringify(all.body).length || some.body.events !== all.body.events,
      ]).toEqual([name, true]);
    }
  });

  test('reads its own client by the same requests', async () => {
    const token = await api.token('viewer', [THEIRS]);
    for (const name of of('hides').filter((one) => one.startsWith('GET'))) {
      const { status, body } = await send(name, THEIRS, token);
      expect([name, status, JSON.stringify(body).length > 10]).toEqual([name, 200, true]);
    }
  });
});

test('the chain of the installation is verified for administrators only', async () => {
  const admin = await api.token('admin');
  const made = await api.ask('POST', '/tokens', {
    token: admin,
    body: { person: 'eve', role: 'viewer', clients: [OURS] },
  });
  expect([made.status, made.body]).toMatchObject([201, { person: 'eve', role: 'viewer', clients: [OURS] }]);
  const listed = await api.ask<{ clients: { id: string }[] }>('GET', '/clients', { token: String(made.body.token) });
  expect(listed.body.clients.map((one) => one.id)).toEqual([OURS]);
  const revoked = await api.ask('DELETE', `/tokens/${String(made.body.tokenId)}`, { token: admin });
  expect(revoked.status).toBe(200);
  expect((await api.ask('GET', '/clients', { token: String(made.body.token) })).status).toBe(401);

  const events = async (role: Role) =>
    (await api.ask<{ ok: boolean; events: number }>('GET', '/audit/verify', { token: await api.token(role) })).body;
  const [ofAdmin, ofOwner] = [await events('admin'), await events('owner')];
  expect([ofAdmin.ok, ofOwner.ok, ofAdmin.events - ofOwner.events]).toEqual([true, true, 2]);
});

test('an administrator cannot lock everybody out, narrow an administrator, or name a client that is not there', async () => {
  const token = await api.token('admin');
  const own = (await api.ask<{ tokens: { tokenId: string; revokedAt: null }[] }>('GET', '/tokens', { token })).body
    .tokens;
  const { tokenId } = own.at(-1)!;
  expect((await api.ask('DELETE', `/tokens/${tokenId}`, { token })).body.type).toBe('/problems/own-token');
  const narrowed = await api.ask('POST', '/tokens', { token, body: { person: 'eve', role: 'admin', clients: [OURS] } });
  expect([narrowed.status, narrowed.body.type]).toEqual([422, '/problems/admin-of-some']);
  const unknown = await api.ask('POST', '/tokens', {
    token,
    body: { person: 'eve', role: 'viewer', clients: ['nobody'] },
  });
  expect([unknown.status, unknown.body.type]).toEqual([422, '/problems/unknown-client']);
});

test('a request for another host and from a page of another site is refused', async () => {
  const token = await api.token('viewer');
  const page = await api.ask('GET', '/clients', { token, headers: { origin: 'https://evil.example' } });
  expect([page.status, page.body.type]).toEqual([403, '/problems/foreign-origin']);
  const host = await api.app.inject({ method: 'GET', url: '/api/v1/health', headers: { host: 'evil.example' } });
  expect([host.statusCode, host.json().type]).toEqual([403, '/problems/unknown-host']);
  const ours = await api.ask('GET', '/clients', { token, headers: { origin: api.url } });
  expect([
    ours.status,
    ours.headers.get('access-control-allow-origin'),
    ours.headers.get('x-content-type-options'),
  ]).toEqual([200, null, 'nosniff']);
});
