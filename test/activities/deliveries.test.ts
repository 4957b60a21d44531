import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import { pageLinks } from '../../infra/delivery-page/links.ts';
import { nextQueued } from '../../infra/postgres/delivery/outbox.ts';
import { beginTry } from '../../infra/postgres/delivery/tries.ts';
import { checkReportPayload } from '../../schemas/report-payload.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { onShopBench, type ShopBench } from '../support/shop-bench.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';

let own: ShopBench;
let receiver: Receiver;
onShopBench((opened) => {
  own = opened;
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const day = deliveryBench(() => own);
const hook = (more: object = {}) => ({
  id: 'hook',
  kind: 'webhook',
  url: receiver.url,
  secretRef: 'ops-hook',
  mode: 'live',
  ...more,
});
const keys = () => receiver.received.map((one) => one.headers['idempotency-key']);

/** A worker that dies when it has begun a try: what it leaves behind. */
async function dieAfterBegin(): Promise<void> {
  await beginTry(own.bench.db, (await nextQueued(own.bench.db, { clientId: own.clientId, destinationId: 'hook' }))!);
}

describe('a report to a webhook', () => {
  test('waits in the outbox of its destination, goes out as its contract says, and is acknowledged', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    expect(await day.deliveries()).toMatchObject([{ status: 'pending', queued: true }]);
    expect(own.bench.outboxes).toContainEqual({ clientId: own.clientId, destinationId: 'hook' });
    expect(await day.sendQueued()).toMatchObject({ businessDate: DATE, exceptions: [] });
    expect(await day.sendQueued()).toBeNull();
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
    const told = JSON.parse(body);
    expect(told).toMatchObject({ id: keys()[0], type: 'report.published', report: { client: own.clientId } });
    expect([headers['meshline-event'], checkReportPayload(told.report)]).toEqual(['report.published', []]);
    const numberOf = (metric: string) => told.report.numbers.find((one: { metric: string }) => one.metric === metric);
    expect(numberOf('gross_sales')).toMatchObject({ value: '10.00', store: own.clientId });
    expect(numberOf('orders')).toMatchObject({ value: '1', currency: null });
    expect(await day.deliveries()).toMatchObject([{ status: 'sent', queued: false, sent: true, key: told.id }]);
    expect(await day.handoffs()).toEqual([{ state: 'acknowledged', exception: null }]);
  });

  test('that fails first is tried again with the same key and the same bytes, and each try is kept', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    receiver.answerWith(503, 0);
    await expect(day.sendQueued()).rejects.toThrow('answered 503');
    await expect(day.sendQueued()).rejects.toThrow('could not be reached');
    await day.sendQueued();
    expect([new Set(keys()).size, new Set(receiver.received.map((one) => one.body)).size]).toEqual([1, 1]);
    expect(await day.tries()).toEqual([
      { try: 1, outcome: 'refused', answered: 503, error: expect.stringContaining('answered 503') },
      { try: 2, outcome: 'unknown', answered: null, error: expect.stringContaining('could not be reached') },
      { try: 3, outcome: 'sent', answered: 200, error: null },
    ]);
  });

  test('is given up where an error that nobody foresaw stands in its way, and the next one is reached', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    await day.close(NEXT);
    const broken = () => {
      throw new Error('the vault is sealed');
    };
    const activities = createActivities({ ...own.bench.deps, secretOf: broken });
    const outbox = { clientId: own.clientId, destinationId: 'hook' };
    const send = (attempt: number) => own.bench.run(() => activities.sendQueued(outbox), undefined, attempt);
    await expect(send(1)).rejects.toThrow('the vault is sealed');
    expect(await day.states()).toEqual(['pending', 'pending']);
    const left = await send(5);
    expect(left).toMatchObject({ businessDate: DATE, exceptions: [{ kind: 'handoff' }] });
    expect(await day.states()).toEqual(['failed', 'pending']);
    const { rows } = await sql`select message from exception where client_id = ${own.clientId}`.execute(own.bench.db);
    expect(rows).toEqual([
      { message: 'The report for hook was given up by an error that nobody foresaw: the vault is sealed.' },
    ]);
    expect(await day.sendQueued()).toMatchObject({ businessDate: NEXT });
    expect(await day.states()).toEqual(['failed', 'sent']);
  });

  test('is never overtaken by a later one', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    await day.close(NEXT);
    receiver.answerWith(500, 500);
    await expect(day.sendQueued()).rejects.toThrow('500');
    await expect(day.sendQueued()).rejects.toThrow('500');
    expect([(await day.sendQueued())?.businessDate, (await day.sendQueued())?.businessDate]).toEqual([DATE, NEXT]);
    expect(receiver.received.map((one) => JSON.parse(one.body).report.businessDate)).toEqual([DATE, DATE, DATE, NEXT]);
  });

  test('whose receiver stays away is given up when its patience is over, with an exception, and the next one is reached', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    await day.age(2);
    receiver.answerWith(503, 503);
    await expect(day.sendQueued()).rejects.toThrow('503');
    await day.age(2);
    await day.close(NEXT);
    expect(await day.sendQueued()).toMatchObject({ exceptions: [{ kind: 'handoff' }] });
    expect(await day.sendQueued()).toMatchObject({ businessDate: NEXT });
    expect(await day.states()).toEqual(['failed', 'sent']);
    expect(await day.handoffs()).toEqual([
      { state: 'missed', exception: 'healing' },
      { state: 'acknowledged', exception: null },
    ]);
    const { rows } = await sql<{ exception_id: string }>`
      select exception_id from exception where client_id = ${own.clientId}`.execute(own.bench.db);
    expect(own.bench.settled).toContain(rows[0]!.exception_id);
  });

  test('may be given up sooner where its destination says so', async () => {
    await day.apply([hook({ giveUpAfter: '1 day' })]);
    await day.close(DATE);
    await day.age(2);
    receiver.answerWith(503);
    await day.sendQueued();
    expect(await day.states()).toEqual(['failed']);
  });

  test('that its receiver refuses for good has failed at once', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    receiver.answerWith(410);
    await day.sendQueued();
    expect(await day.states()).toEqual(['failed']);
  });

  test('whose secret is not set has failed, and its exception names the variable', async () => {
    await day.apply([hook({ secretRef: 'not-there' })]);
    await day.close(DATE);
    await day.sendQueued();
    expect([receiver.received, await day.states()]).toEqual([[], ['failed']]);
    const { rows } = await sql<{ message: string }>`
      select message from exception where client_id = ${own.clientId}`.execute(own.bench.db);
    expect(rows[0]!.message).toContain('MESHLINE_SECRET_NOT_THERE is not set');
  });

  test('that failed is taken up again when the day is run anew, and its exception ends when it is there', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    receiver.answerWith(410);
    await day.sendQueued();
    await day.close(DATE);
    expect(await day.deliveries()).toMatchObject([{ status: 'pending', queued: true }]);
    await day.sendQueued();
    expect(await day.handoffs()).toEqual([{ state: 'acknowledged', exception: 'resolved' }]);
    expect(new Set(keys()).size).toBe(1);
  });

  test('whose failure somebody has accepted is not sent again', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    receiver.answerWith(410);
    await day.sendQueued();
    await sql`
      insert into decision (decision_id, exception_id, client_id, verb, args, reason, actor, via, expected_version, input_hash,
        outcome, after_attempt)
      select 'd1' || exception_id, exception_id, client_id, 'approve', '{}', 'known', 'ada', 'api', version, input_hash, 'recorded', 1
      from exception where client_id = ${own.clientId}`.execute(own.bench.db);
    await sql`update exception set state = 'deciding' where client_id = ${own.clientId}`.execute(own.bench.db);
    await day.close(DATE);
    expect(await day.deliveries()).toMatchObject([{ status: 'failed', queued: false }]);
    expect(await day.handoffs()).toEqual([{ state: 'forgiven', exception: 'resolved' }]);
  });

  test('in shadow is stored, and one that is to be reviewed waits as a draft', async () => {
    await day.apply([hook({ mode: 'shadow' }), hook({ id: 'later', release: 'after_review' })]);
    await day.close(DATE);
    expect(await day.deliveries()).toMatchObject([
      { destination: 'hook', status: 'stored', queued: false },
      { destination: 'later', status: 'draft', queued: false },
    ]);
    expect([await day.sendQueued(), await day.sendQueued('later')]).toEqual([null, null]);
    expect(receiver.received).toEqual([]);
  });
});

describe('a crash between sending and recording', () => {
  test('sends again what is to arrive at least once, under the same key', async () => {
    await day.apply([hook()]);
    await day.close(DATE);
    await dieAfterBegin();
    await day.sendQueued();
    expect([keys().length, await day.states()]).toEqual([1, ['sent']]);
    expect(await day.tries()).toMatchObject([{ outcome: 'unknown' }, { outcome: 'sent' }]);
  });

  test('sends nothing again that is to arrive at most once: it is uncertain, until a person has it sent', async () => {
    await day.apply([hook({ guarantee: 'at_most_once' })]);
    await day.close(DATE);
    await dieAfterBegin();
    expect(await day.states()).toEqual(['sending']);
    expect(await day.sendQueued()).toMatchObject({ exceptions: [{ kind: 'handoff' }] });
    expect([receiver.received, await day.states()]).toEqual([[], ['uncertain']]);
    expect(await day.handoffs()).toEqual([{ state: 'missed', exception: 'healing' }]);

    await day.close(DATE);
    expect([receiver.received, await day.states(), await day.handoffs()]).toEqual([
      [],
      ['uncertain'],
      [{ state: 'missed', exception: 'healing' }],
    ]);

    const [one] = await day.deliveries();
    expect([await day.resend(one!.id), await day.resend(one!.id)]).toEqual([true, false]);
    await day.sendQueued();
    expect([keys(), await day.states()]).toEqual([[one!.key], ['sent']]);
    expect(await day.handoffs()).toEqual([{ state: 'acknowledged', exception: 'resolved' }]);
  });

  test.each([
    [0, 'uncertain'],
    [500, 'uncertain'],
    [410, 'failed'],
  ])('an answer of %i leaves what is to arrive at most once %s', async (answer, status) => {
    await day.apply([hook({ guarantee: 'at_most_once' })]);
    await day.close(DATE);
    receiver.answerWith(answer);
    await day.sendQueued();
    await day.sendQueued();
    expect([receiver.received.length, await day.states()]).toEqual([1, [status]]);
  });

  test('what was surely not taken is tried again also where it is to arrive at most once', async () => {
    await day.apply([hook({ guarantee: 'at_most_once' })]);
    await day.close(DATE);
    receiver.answerWith(503);
    await expect(day.sendQueued()).rejects.toThrow('503');
    expect(await day.states()).toEqual(['pending']);
    await day.sendQueued();
    expect(await day.states()).toEqual(['sent']);
  });
});

describe('a mail', () => {
  test('links to its own page, in both of its parts', async () => {
    const links = pageLinks(own.bench.deps.secrets.auditKey, 'https://reports.example');
    const { deliverReport } = createActivities({ ...own.bench.deps, pages: links });
    await day.apply([mail()]);
    const opened = { clientId: own.clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
    const deliver = async () => void (await own.bench.run(() => deliverReport(opened, 'published')));
    await own.shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' }]);
    await own.bench.close({ clientId: own.clientId, businessDate: DATE, before: { deliverReport: deliver } });
    const [sent] = mails();
    const [url] = /^https:\/\/reports\.example\/r\/\S+$/m.exec(sent!.text!)!;
    expect(String(sent!.html)).toContain(`href="${url}"`);
    expect(links.read(url!.split('/').at(-1)!, Date.now())).toEqual({ messageId: sent!.messageId });
  });

  const mail = (more: object = {}) => ({
    id: 'mail',
    kind: 'email',
    to: ['x@client.example'],
    mode: 'live',
    release: 'automatic',
    ...more,
  });
  const mails = () => own.bench.mailbox.mails.filter((one) => one.headers.get('x-meshline-client') === own.clientId);

  test('that is to be reviewed goes out when it is released, once, as it was kept', async () => {
    await day.apply([mail({ release: 'after_review' })]);
    await day.close(DATE);
    const [draft] = await day.deliveries();
    expect([mails(), draft!.status]).toEqual([[], 'draft']);
    expect([await day.release(draft!.id), await day.release(draft!.id)]).toEqual([true, false]);
    await day.sendQueued('mail');
    expect(await day.sendQueued('mail')).toBeNull();
    expect(mails().map((one) => one.messageId)).toEqual([draft!.key]);
    expect(await day.handoffs()).toEqual([{ state: 'acknowledged', exception: null }]);
  });

  test('does not overtake an earlier one that waits in the outbox', async () => {
    await day.apply([mail({ release: 'after_review' })]);
    await day.close(DATE);
    await day.release((await day.deliveries())[0]!.id);
    await day.apply([mail()], { effectiveFrom: NEXT });
    await day.close(NEXT);
    expect(mails()).toEqual([]);
    await day.sendQueued('mail');
    await day.sendQueued('mail');
    expect(mails().map((one) => one.headers.get('x-meshline-date'))).toEqual([DATE, NEXT]);
  });

  test('that is to arrive at most once is not sent again by a later try of the close', async () => {
    await day.apply([mail({ guarantee: 'at_most_once' })]);
    const crash = async (): Promise<void> => {
      const opened = { clientId: own.clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
      const dead = { ...own.bench.deps, mail: { ...own.bench.deps.mail, transportUrl: 'smtp://127.0.0.1:1' } };
      await expect(own.bench.run(() => createActivities(dead).deliverReport(opened, 'published'))).rejects.toThrow(
        'not accepted',
      );
      const { rows } = await sql`
        update delivery set status = 'sending' where client_id = ${own.clientId} and status = 'pending' returning *`.execute(
        own.bench.db,
      );
      expect(rows).toHaveLength(1);
      await sql`
        insert into delivery_try (delivery_id, client_id, try)
        select delivery_id, client_id, 2 from delivery where client_id = ${own.clientId}`.execute(own.bench.db);
    };
    await own.shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' }]);
    await own.bench.close({ clientId: own.clientId, businessDate: DATE, before: { deliverReport: crash } });
    expect([mails(), await day.states()]).toEqual([[], ['uncertain']]);
    expect(await day.handoffs()).toEqual([{ state: 'missed', exception: 'healing' }]);
  });
});

test('a draft is superseded by a later version of its report, and stands again when the report comes back to it', async () => {
  const showing = (...metrics: string[]) =>
    day.apply([hook({ release: 'after_review' })], { effectiveFrom: DATE, report: { metrics } });
  await showing('gross_sales');
  await day.close(DATE);
  await showing('gross_sales', 'orders');
  await day.close(DATE);
  expect(await day.states()).toEqual(['superseded', 'draft']);
  await showing('gross_sales');
  await day.close(DATE);
  expect(await day.states()).toEqual(['draft', 'superseded']);
  const [first, second] = await day.deliveries();
  expect([await day.release(second!.id), await day.release(first!.id)]).toEqual([false, true]);
  // Nobody waited for the new metric of a day that was reported.
  await showing('gross_sales', 'net_sales');
  await day.close(DATE);
  expect(await day.states()).toEqual(['pending', 'superseded']);
});
