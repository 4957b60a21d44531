import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { secretsOf } from '../../../infra/webhook/secrets.ts';
import { sendWebhook, type WebhookError } from '../../../infra/webhook/send.ts';
import { type Receiver, startReceiver } from '../../support/webhook-receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const send = (own: Partial<Parameters<typeof sendWebhook>[0]> = {}) =>
  sendWebhook({
    url: receiver.url,
    secret: 'hush',
    body: '{"a":1}',
    event: 'incident.opened',
    idempotencyKey: 'i1/opened',
    ...own,
  });
const failure = (sent: Promise<unknown>): Promise<WebhookError> =>
  sent.then(
    () => Promise.reject(new Error('it was taken')),
    (error) => error as WebhookError,
  );

test('a request is signed over its time and body, and carries its key', async () => {
  expect(await send()).toEqual({ status: 200 });
  const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['meshline-signature']))!;
  expect(digest).toBe(createHmac('sha256', 'hush').update(`${seconds}.${body}`).digest('hex'));
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(10);
  expect([headers['idempotency-key'], headers['meshline-event'], body]).toEqual([
    'i1/opened',
    'incident.opened',
    '{"a":1}',
  ]);
});

test.each([
  [500, 'transient'],
  [503, 'transient'],
  [429, 'transient'],
  [404, 'permanent'],
  [410, 'permanent'],
])('an answer of %i is %s', async (status, kind) => {
  receiver.answerWith(status);
  expect(await failure(send())).toMatchObject({ name: 'WebhookError', kind, status });
});

test('a redirect is not followed', async () => {
  receiver.answerWith(307);
  const refused = await failure(send());
  expect(refused).toMatchObject({ kind: 'permanent', message: expect.stringContaining('redirects are not followed') });
  expect(receiver.received).toHaveLength(1);
});

test('a receiver that hangs up or is not there may be there later', async () => {
  receiver.answerWith(0);
  expect(await failure(send())).toMatchObject({ kind: 'transient', status: null });
  expect(await failure(send({ url: 'http://127.0.0.1:1/' }))).toMatchObject({ kind: 'transient', status: null });
});

test('a receiver that never answers is given up in time', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const late = await failure(send({ url, timeoutMs: 200 }));
  expect(late).toMatchObject({ kind: 'transient', message: expect.stringContaining('no answer in time') });
  silent.close();
});

test('a secret is found by the name that a document gives it', () => {
  const secretOf = secretsOf({ MESHLINE_SECRET_OPS_HOOK: 'hush', MESHLINE_SECRET_EMPTY: '' });
  expect([secretOf('ops-hook'), secretOf('empty'), secretOf('other')]).toEqual(['hush', null, null]);
});
