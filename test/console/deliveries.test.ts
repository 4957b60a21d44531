import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pageLinks } from '../../infra/delivery-page/links.ts';
import type { DeliveryDocument, DeliveryList } from '../../schemas/api/deliveries.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest, until } from '../support/temporal.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { type Serving, startServing } from './serving.ts';

const CLIENT = 'small-shop';
const DATE = '2026-03-02';

let serving: Serving;
let shop: SmallShop;
let receiver: Receiver;
let token: string;
beforeAll(async () => {
  if (!devServer) return;
  [serving, shop, receiver] = await Promise.all([startServing(), openSmallShop(), startReceiver()]);
  token = await serving.api.token('operator', null, 'ada');
  await closeDays();
}, 120_000);
afterAll(async () => {
  if (!devServer) return;
  await serving.stop();
  await Promise.all([shop.remove(), receiver.close()]);
}, 60_000);

/** Two days, each with a draft by mail, a draft to a system, and a request that goes out by itself. */
async function closeDays(): Promise<void> {
  const mail = { kind: 'email', to: ['x@client.example'], mode: 'live', release: 'after_review' };
  const hook = { kind: 'webhook', url: receiver.url, secretRef: 'ops-hook', mode: 'live' };
  const destinations = [
    { id: 'mail', ...mail },
    { id: 'held', ...hook, release: 'after_review' },
    { id: 'hook', ...hook },
  ];
  for (const id of [CLIENT, 'other-shop'])
    await serving.bench.apply(shop.document({ client: { id, name: id }, report: { destinations } }));
  for (const clientId of [CLIENT, 'other-shop'])
    for (const businessDate of [DATE, '2026-03-03']) {
      await shop.orders(businessDate, [{ id: '1', at: `${businessDate}T15:00:00Z`, amount: '60.00' }]);
      await serving.bench.close({ clientId, businessDate });
    }
}

const ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, as = token) =>
  serving.api.ask<T>(method, path, { token: as, body });
const list = async (query = '', as = token) =>
  (await ask<DeliveryList>('GET', `/deliveries${query}`, undefined, as)).body.deliveries;
const show = async (id: string) => (await ask<DeliveryDocument>('GET', `/deliveries/${id}`)).body;
const draftTo = async (destination: string, date = DATE) =>
  (await list(`?client=${CLIENT}&date=${date}`)).find((one) => one.destination === destination)!;
const mails = (key: string) => serving.bench.mailbox.mails.filter((one) => one.messageId === key);
const isSent = (id: string) => until(async () => (await show(id)).state === 'sent');

devServerTest('deliveries are listed by client, day, state and kind, the newest first', async () => {
  const all = await list();
  expect(all.map((one) => Number(one.id))).toEqual(all.map((one) => Number(one.id)).toSorted((a, b) => b - a));
  expect(all).toHaveLength(12);
  expect(await list(`?client=${CLIENT}&date=${DATE}`)).toHaveLength(3);
  expect((await list(`?client=${CLIENT}&state=draft&kind=report`)).map((one) => one.destination).sort()).toEqual([
    'held',
    'held',
    'mail',
    'mail',
  ]);
  expect(await list('?kind=correction')).toEqual([]);
  expect((await ask('GET', '/deliveries?state=lost')).status).toBe(400);
});

devServerTest('a token of one client sees no delivery of another, and can neither release nor resend it', async () => {
  const narrow = await serving.api.token('operator', ['other-shop']);
  expect((await list('', narrow)).every((one) => one.client === 'other-shop')).toBe(true);
  const { id } = await draftTo('mail');
  for (const [method, path, body] of [
    ['GET', `/deliveries/${id}`, undefined],
    ['POST', `/deliveries/${id}/release`, {}],
    ['POST', `/deliveries/${id}/resend`, { requestId: 'r' }],
  ] as const)
    expect([path, (await ask(method, path, body, narrow)).status]).toEqual([path, 404]);
  expect((await show(id)).state).toBe('draft');
  const viewer = await serving.api.token('viewer');
  expect((await ask('POST', `/deliveries/${id}/release`, {}, viewer)).status).toBe(403);
});

devServerTest(
  'a draft that is released twice arrives once, as it was shown, and the trail says who let it out',
  async () => {
    const { id } = await draftTo('mail');
    const draft = await show(id);
    expect([draft.state, draft.page, draft.text]).toEqual(['draft', null, expect.stringContaining('SMALL-SHOP')]);
    const both = await Promise.all([1, 2].map(() => ask('POST', `/deliveries/${id}/release`, { reason: 'read' })));
    expect(both.map((one) => one.status)).toEqual([200, 200]);
    await isSent(id);
    expect((await ask('POST', `/deliveries/${id}/release`, {})).body).toMatchObject({
      state: 'sent',
      releasedBy: 'ada',
    });
    await until(() => mails(draft.key).length > 0);
    expect(mails(draft.key).map((one) => one.text?.trim())).toEqual([draft.text!.trim()]);
    const { body } = await ask<{ story: { text: string; actor: string }[] }>(
      'GET',
      `/clients/${CLIENT}/audit?date=${DATE}`,
    );
    expect(body.story.filter((one) => one.text.startsWith('Released'))).toMatchObject([
      { actor: 'ada', text: `Released the report for mail (delivery ${id}). Reason: read.` },
    ]);
  },
);

devServerTest(
  'a draft to a system goes out when it is released, and again under the same key when it is resent',
  async () => {
    const { id } = await draftTo('held');
    const refused = await ask('POST', `/deliveries/${id}/resend`, { requestId: 'too-early' });
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/not-released']);
    await ask('POST', `/deliveries/${id}/release`, {});
    await isSent(id);
    const { key, body } = await show(id);
    const received = () => receiver.received.filter((one) => one.headers['idempotency-key'] === key);
    expect(received().map((one) => one.body)).toEqual([body]);
    const requestId = randomUUID();
    for (let times = 0; times < 2; times += 1) {
      expect((await ask('POST', `/deliveries/${id}/resend`, { requestId })).status).toBe(200);
      await until(async () => (await show(id)).queuedSince === null);
    }
    expect(received().map((one) => one.body)).toEqual([body, body]);
    expect((await show(id)).log.map((one) => one.outcome)).toEqual(['sent', 'sent']);
  },
);

devServerTest('nothing is released or sent again for somebody who is not among the people of the client', async () => {
  const draft = await draftTo('mail');
  for (const verb of ['release', 'resend']) {
    const body = { requestId: randomUUID(), onBehalfOf: 'nobody-known' };
    const said = verb === 'release' ? { onBehalfOf: body.onBehalfOf } : body;
    const refused = await ask('POST', `/deliveries/${draft.id}/${verb}`, said);
    expect(refused).toMatchObject({ status: 422, body: { type: '/problems/unknown-person' } });
  }
  expect((await show(draft.id)).state).toBe(draft.state);
});

devServerTest('a draft that a newer version has superseded is refused with the number of the newer one', async () => {
  const old = await draftTo('mail', '2026-03-03');
  const destinations = [{ id: 'mail', kind: 'email', to: ['x@client.example'], mode: 'live', release: 'after_review' }];
  const report = { destinations, metrics: ['gross_sales'] };
  await serving.bench.apply(
    shop.document({ client: { id: CLIENT, name: CLIENT }, report, effectiveFrom: '2026-03-03' }),
  );
  await serving.bench.close({ clientId: CLIENT, businessDate: '2026-03-03' });
  const newer = (await list(`?client=${CLIENT}&date=2026-03-03&state=draft`)).find(
    (one) => one.destination === 'mail',
  )!;
  const refused = await ask('POST', `/deliveries/${old.id}/release`, {});
  expect([refused.status, refused.body.type, String(refused.body.detail)]).toEqual([
    409,
    '/problems/superseded',
    expect.stringContaining(`${newer.id} is the newer one`),
  ]);
  expect(mails((await show(old.id)).key)).toEqual([]);
});

devServerTest('the command line lists, shows, releases and resends', async () => {
  const env = {
    MESHLINE_URL: serving.api.url,
    MESHLINE_TOKEN: await serving.api.token('operator', ['other-shop'], 'ben'),
  };
  const cli = async (...args: string[]) => {
    const ran = await runCli(['deliveries', ...args], env);
    expect([args, ran.exit, ran.stderr]).toEqual([args, 0, '']);
    return ran.stdout;
  };
  const { deliveries } = JSON.parse(await cli('list', '--state', 'draft', '--json')) as DeliveryList;
  const { id } = deliveries.find((one) => one.destination === 'mail')!;
  expect(await cli('list')).toContain(`npx meshline deliveries release`);
  const early = await runCli(['deliveries', 'resend', id], env);
  expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining(`\`npx meshline deliveries release ${id}\``)]);
  const folder = await mkdtemp(join(tmpdir(), 'meshline-page-'));
  const shown = await cli('show', id, '--html', join(folder, 'page.html'));
  expect(shown).toContain('OTHER-SHOP');
  expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain('<!doctype html>');
  await rm(folder, { recursive: true });
  expect(await cli('release', id)).toContain(`Delivery ${id} is released`);
  await isSent(id);
  expect(await cli('resend', id)).toContain('is sent once more');
  await until(async () => (await show(id)).log.length === 2);
  expect(mails((await show(id)).key)).toHaveLength(2);
});

devServerTest('lists the newest up to a limit, and says where there are older ones', async () => {
  const all = await list(`?client=${CLIENT}`);
  const { body } = await ask<DeliveryList>('GET', `/deliveries?client=${CLIENT}&limit=2`);
  expect(body).toEqual({ deliveries: all.slice(0, 2), more: true });
  expect((await ask<DeliveryList>('GET', `/deliveries?client=${CLIENT}&limit=${all.length}`)).body.more).toBe(false);
  expect((await ask('GET', '/deliveries?limit=0')).status).toBe(400);
  const env = { MESHLINE_URL: serving.api.url, MESHLINE_TOKEN: token };
  const { stdout } = await runCli(['deliveries', 'list', '--client', CLIENT, '--limit', '2'], env);
  expect(stdout).toContain('There are older ones: see more with --limit');
});

test('links name one mail until they expire, and nothing once they are altered', () => {
  const links = pageLinks(Buffer.alloc(32, 7), 'https://reports.example/');
  const id = `<report.${'0123456789abcdef'.repeat(2)}@meshline.local>`;
  const url = links.linkTo(id, 1_000_000)!;
  const token = url.replace('https://reports.example/r/', '');
  expect(links.read(token, 1_000_000)).toEqual({ messageId: id });
  expect(links.read(token, 1_000_000 + 91 * 86_400_000)).toEqual({ refused: 'expired' });
  for (const altered of [token.replace('report.0', 'report.1'), token.slice(0, -1), `${token}x`, '', 'r'.repeat(190)])
    expect([altered, links.read(altered, 1_000_000)]).toEqual([altered, { refused: 'altered' }]);
  expect(pageLinks(Buffer.alloc(32, 8), 'https://reports.example').read(token, 1_000_000)).toEqual({
    refused: 'altered',
  });
  expect([links.linkTo('report/a/b', 0), pageLinks(Buffer.alloc(32, 7), null).linkTo(id, 0)]).toEqual([null, null]);
});
