import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { noticesOf } from '../../infra/postgres/incident/notices.ts';
import { webhooksOf } from '../../infra/postgres/read/deliveries.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { incidentBench } from '../support/incident-bench.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let bench: CloseBench;
let shop: SmallShop;
let receiver: Receiver;
let day: ReturnType<typeof incidentBench>;
let clients = 0;
let clientId = '';
beforeAll(async () => {
  bench = await startCloseBench();
  day = incidentBench(bench, () => shop);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  [shop, receiver] = await Promise.all([openSmallShop(), startReceiver()]);
  clients += 1;
  clientId = `told-${clients}`;
});
afterEach(async () => {
  await Promise.all([shop.remove(), receiver.close(), day.forget()]);
});

const hook = (own: object = {}) => ({
  id: 'ops-chat',
  kind: 'webhook',
  url: receiver.url,
  secretRef: 'ops-hook',
  mode: 'live',
  ...own,
});
const routedTo = (destination: object, rule: object = {}) => ({
  report: { destinations: [destination] },
  routing: [{ on: 'incident.opened', to: [(destination as { id: string }).id], ...rule }],
});
const post = (incidentId: string) => bench.run(() => bench.activities.postIncident(incidentId, 'opened'));

describe('a webhook', () => {
  const own = deliveryBench(() => ({ bench, shop, clientId }));
  test('gets news of an incident by its outbox: tried again with the same key and the same bytes, and told once', async () => {
    const incidentId = await day.overdue(clientId, routedTo(hook()));
    await own.sendQueued('ops-chat');
    await post(incidentId);
    await post(incidentId);
    expect(bench.outboxes).toContainEqual({ clientId, destinationId: 'ops-chat' });
    receiver.answerWith(503);
    await expect(own.sendQueued('ops-chat')).rejects.toThrow('answered 503');
    await own.sendQueued('ops-chat');
    expect(await own.sendQueued('ops-chat')).toBeNull();
    const [refused, taken] = receiver.received.filter(({ headers }) => headers['meshline-event'] === 'incident.opened');
    expect([taken!.body, taken!.headers['idempotency-key']]).toEqual([
      refused!.body,
      refused!.headers['idempotency-key'],
    ]);
    const [, seconds, digest] = /^t=(\d+),v1=(.*)$/.exec(String(taken!.headers['meshline-signature']))!;
    expect(createHmac('sha256', 'a secret of the test').update(`${seconds}.${taken!.body}`).digest('hex')).toBe(digest);
    expect(JSON.parse(taken!.body)).toMatchObject({
      id: taken!.headers['idempotency-key'],
      type: 'incident.opened',
      incident: { id: incidentId, client: clientId, severity: 'major', exceptions: [{ difference: '-1.00 USD' }] },
    });
    expect(await webhooksOf(bench.db, incidentId)).toMatchObject([
      { status: 'sent', tries: 2, event: 'incident.opened' },
    ]);
  });

  test('that refuses for good is given up and shows in the timeline', async () => {
    const incidentId = await day.overdue(clientId, routedTo(hook()));
    await own.sendQueued('ops-chat');
    await post(incidentId);
    receiver.answerWith(410);
    await own.sendQueued('ops-chat');
    expect(await webhooksOf(bench.db, incidentId)).toMatchObject([{ status: 'failed', tries: 1 }]);
    const { rows } = await sql<{ event: string }>`
      select event from incident_event where incident_id = ${incidentId} and step = 'note'`.execute(bench.db);
    expect(rows.map((one) => one.event)).toEqual([
      expect.stringContaining('ops-chat could not be told of incident.opened'),
    ]);
  });

  test('that is reviewed first gets nothing before a person releases it', async () => {
    const incidentId = await day.overdue(clientId, routedTo(hook({ release: 'after_review' })));
    await post(incidentId);
    expect(await own.sendQueued('ops-chat')).toBeNull();
    const [draft] = await webhooksOf(bench.db, incidentId);
    expect(draft).toMatchObject({ status: 'draft' });
    await own.release(draft!.delivery_id);
    await own.sendQueued('ops-chat');
    expect(receiver.received.map(({ headers }) => headers['meshline-event'])).toEqual(['incident.opened']);
  });

  test('in the shadows is stored and not posted; a rule that does not hold names nobody', async () => {
    const stored = await day.overdue(clientId, routedTo(hook({ mode: 'shadow' })));
    await post(stored);
    expect(await webhooksOf(bench.db, stored)).toMatchObject([{ status: 'stored' }]);
    clients += 1;
    clientId = `told-${clients}`;
    const other = await day.overdue(clientId, routedTo(hook(), { when: 'event.severity == "critical"' }));
    await post(other);
    expect([receiver.received, await webhooksOf(bench.db, other)]).toEqual([[], []]);
  });
});

describe('mails about an incident', () => {
  type News = Parameters<typeof bench.activities.tellIncident>[1];
  const tell = (incidentId: string, news: News, turn?: string) =>
    bench.run(() => bench.activities.tellIncident(incidentId, news, turn));
  const nextAlertMs = async (incidentId: string) =>
    (await bench.run(() => bench.activities.loadIncident(incidentId))).nextAlertMs!;
  const HOUR_MS = 3_600_000;
  /** Quiet hours that hold now, in UTC, and end in more than an hour. */
  function quietNow() {
    const hour = new Date().getUTCHours();
    const time = (at: number) => `${String((at + 24) % 24).padStart(2, '0')}:00`;
    return { from: time(hour - 1), to: time(hour + 2) };
  }
  const person = (id: string, quietHours?: object) => ({
    id,
    name: id,
    email: `${id}@agency.example`,
    timezone: 'UTC',
    ...(quietHours && { quietHours }),
  });
  const sleepers = (exceptions: object = {}) => ({ people: [person('ada'), person('ben', quietNow())], exceptions });

  test('are one conversation for each reader, and another incident is another one', async () => {
    const routing = [{ on: 'incident.opened', to: ['ada'] }];
    const first = await day.overdue(clientId, { routing });
    await tell(first, 'opened');
    await bench.run(() => bench.activities.alertAgain(first, 1));
    await tell(first, 'alert');
    await day.act(first, 'resolve', 'ada', { reason: 'known' });
    await bench.run(() => bench.activities.summarizeIncident(first));
    await tell(first, 'resolved');
    for (const [reader, count] of [
      ['ada@', 3],
      ['ben@', 3],
    ] as const) {
      const [opened, ...later] = day.mailsTo(reader).filter((one) => one.headers.get('x-meshline-incident') === first);
      expect([opened!.inReplyTo, later.length]).toEqual([undefined, count - 1]);
      for (const mail of later)
        expect([mail.inReplyTo, mail.references, mail.messageId === opened!.messageId]).toEqual([
          opened!.messageId,
          opened!.messageId,
          false,
        ]);
    }
  });

  test('wait for the end of quiet hours, and so do the alerts of an owner who sleeps', async () => {
    const incidentId = await day.overdue(clientId, {
      ...sleepers(),
      routing: [{ on: 'incident.opened', to: ['ada'] }],
    });
    const dueMs = await tell(incidentId, 'opened', 'major');
    expect(dueMs! - Date.now()).toBeGreaterThan(HOUR_MS);
    expect(day.mailsTo('ada@').filter((one) => one.headers.get('x-meshline-incident') === incidentId)).toHaveLength(1);
    expect(day.mailsTo('ben@').filter((one) => one.headers.get('x-meshline-incident') === incidentId)).toEqual([]);
    expect(await nextAlertMs(incidentId)).toBe(dueMs! + HOUR_MS / 2);
    // What was acknowledged meanwhile is no news in the morning.
    await day.act(incidentId, 'ack', 'ada');
    expect(await tell(incidentId, 'opened', 'major')).toBeNull();
  });

  test('wait for nothing where a rule that holds for one of its exceptions is urgent', async () => {
    const incidents = [{ when: 'exception.overdue', severity: 'major', urgent: true }];
    const incidentId = await day.overdue(clientId, sleepers({ incidents }));
    expect(await tell(incidentId, 'opened', 'major')).toBeNull();
    expect(day.mailsTo('ben@').some((one) => one.headers.get('x-meshline-incident') === incidentId)).toBe(true);
    expect((await nextAlertMs(incidentId)) - Date.now()).toBeLessThan(HOUR_MS);
  });

  test('of a turn that a later one has made stale are not sent', async () => {
    const incidentId = await day.overdue(clientId);
    await bench.run(() => bench.activities.alertAgain(incidentId, 1));
    const before = day.mailsTo('ben@').length;
    expect(await tell(incidentId, 'alert', 'major/1')).toBeNull();
    expect(day.mailsTo('ben@')).toHaveLength(before);
    await tell(incidentId, 'alert', 'major/2');
    expect(day.mailsTo('ben@')).toHaveLength(before + 1);
  });
});

test('a text that would leave the team is kept as a draft', async () => {
  const mail = { id: 'mail', kind: 'email', to: ['ada', 'owner@shop.example'], mode: 'live', release: 'automatic' };
  const incidentId = await day.overdue(clientId, routedTo(mail));
  await bench.run(() => bench.activities.tellIncident(incidentId, 'opened'));
  const { rows } = await sql`
    select recipient, status, sent_at is null as unsent from incident_notice where incident_id = ${incidentId}
    order by recipient`.execute(bench.db);
  expect(rows).toEqual([
    { recipient: 'ada@agency.example', status: 'sent', unsent: false },
    { recipient: 'ben@agency.example', status: 'sent', unsent: false },
    { recipient: 'owner@shop.example', status: 'draft', unsent: true },
  ]);
  expect(day.mailsTo('owner@shop.example')).toEqual([]);
});

test('such a draft is a delivery: released, it goes out as it was kept, and is told as sent', async () => {
  const mail = { id: 'mail', kind: 'email', to: ['owner@shop.example'], mode: 'live', release: 'automatic' };
  const incidentId = await day.overdue(clientId, routedTo(mail));
  await bench.run(() => bench.activities.tellIncident(incidentId, 'opened'));
  const drafts = deliveryBench(() => ({ bench, shop, clientId }));
  const [draft] = (await drafts.deliveries()).filter((one) => one.status === 'draft');
  expect(draft).toMatchObject({ destination: 'mail', queued: false });
  await drafts.release(draft!.id);
  await drafts.sendQueued('mail');
  const sent = bench.mailbox.mails.filter((one) => one.messageId === draft!.key);
  expect(sent.map((one) => JSON.stringify(one.to).includes('owner@shop.example'))).toEqual([true]);
  const told = (await noticesOf(bench.db, incidentId)).filter((one) => one.recipient === 'owner@shop.example');
  expect(told).toMatchObject([{ event: 'opened', status: 'sent' }]);
});

describe('a reader outside the team', () => {
  const mail = { id: 'mail', kind: 'email', to: ['owner@shop.example'], mode: 'live', release: 'automatic' };
  const routing = ['incident.opened', 'incident.resolved'].map((on) => ({ on, to: ['mail'] }));
  const told = { ...routedTo(mail), routing };
  const drafts = deliveryBench(() => ({ bench, shop, clientId }));
  const about = async () => (await drafts.deliveries()).filter((one) => one.destination === 'mail');
  const tell = (incidentId: string, news: 'opened' | 'resolved') =>
    bench.run(() => bench.activities.tellIncident(incidentId, news));
  async function resolve(incidentId: string): Promise<void> {
    await day.act(incidentId, 'resolve', 'ben', { reason: 'known' });
    for (let times = 0; times < 2; times += 1) {
      await bench.run(() => bench.activities.summarizeIncident(incidentId));
      await tell(incidentId, 'resolved');
    }
  }
  const texts = async () => {
    const { rows } = await sql<{ text: string }>`
      select subject || body_text || html as text from delivery
      where client_id = ${clientId} and destination_id = 'mail' and status = 'draft'`.execute(bench.db);
    return rows.map((one) => one.text);
  };

  test('gets no command, no name of the team, no timeline and nothing of other clients', async () => {
    const before = clientId;
    clients += 1;
    clientId = `told-${clients}`;
    await day.overdue(before);
    const incidentId = await day.overdue(clientId, told);
    expect((await day.row(incidentId)).parent_id).not.toBeNull();
    await tell(incidentId, 'opened');
    const [text] = await texts();
    expect(text).toContain('Gross sales');
    expect(text).not.toMatch(/npx|Ben Ray|other clients|Opened with|Acknowledge|major/);
  });

  test('whom nobody let know that it was open is not told that it is over, and the draft is taken back', async () => {
    const incidentId = await day.overdue(clientId, told);
    await tell(incidentId, 'opened');
    await resolve(incidentId);
    const [opened, ...more] = await about();
    expect([opened!.status, more]).toEqual(['superseded', []]);
    expect(await drafts.release(opened!.id)).toBe(false);
  });

  test('who was let know that it was open has one draft that says that it is over', async () => {
    const incidentId = await day.overdue(clientId, told);
    await tell(incidentId, 'opened');
    await drafts.release((await about())[0]!.id);
    await drafts.sendQueued('mail');
    await resolve(incidentId);
    expect((await about()).map((one) => one.status).sort()).toEqual(['draft', 'sent']);
    expect((await texts())[0]).toContain('still being checked');
  });
});

test('whoever is away is replaced by the deputy', async () => {
  const people = [
    { id: 'ada', name: 'Ada Lind', email: 'ada@agency.example', timezone: 'America/New_York' },
    {
      id: 'ben',
      name: 'Ben Ray',
      email: 'ben@agency.example',
      timezone: 'America/New_York',
      leave: ['2020-01-01/2099-12-31'],
    },
  ];
  const incidentId = await day.overdue(clientId, { people });
  expect(await day.row(incidentId)).toMatchObject({ owner: 'ada' });
});

test('taken over by somebody who is not in the model, it is still told to the incident owner', async () => {
  const incidentId = await day.overdue(clientId);
  await day.act(incidentId, 'ack', 'root');
  expect(await day.row(incidentId)).toMatchObject({ owner: 'root' });
  await day.act(incidentId, 'resolve', 'root', { reason: 'known' });
  const before = day.mailsTo('ben@').length;
  await bench.run(() => bench.activities.summarizeIncident(incidentId));
  await bench.run(() => bench.activities.tellIncident(incidentId, 'resolved'));
  expect(day.mailsTo('ben@')).toHaveLength(before + 1);
});
