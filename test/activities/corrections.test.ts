import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import type { CloseCause } from '../../domain/close.ts';
import { reply, startMailbox } from '../infra/mail/mailbox.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';
const AFTER = '2026-03-12';
const noon = (date: string) => `${date}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const mail = (id: string, to: string[], more: object = {}) => ({
  id,
  kind: 'email',
  to,
  mode: 'live',
  release: 'automatic',
  ...more,
});
const TEAM = mail('team', ['ada']);
const OWNER = mail('owner', ['kim@shop.example']);
const SHADOW = mail('shadow', ['ben'], { mode: 'shadow' });

const apply = (destinations: object[], over: Record<string, unknown> = {}) =>
  bench.apply(shop.document({ ...over, client: { id: clientId }, report: { destinations } }));
const applySliced = (over: Record<string, unknown> = {}) =>
  bench.apply(shop.document({ ...over, client: { id: clientId }, report: { destinations: [TEAM], slices: ['desk'] } }));
const close = (cause: CloseCause = 'manual', businessDate = DATE) => bench.close({ clientId, businessDate, cause });
const sell = (amount: string, date = DATE) => shop.orders(date, [{ id: `of-${date}`, at: noon(date), amount }]);
/** Empties the outboxes that were woken. */
async function sendAll({ sendQueued } = bench.activities): Promise<void> {
  for (const outbox of bench.outboxes.splice(0)) while (await bench.run(() => sendQueued(outbox)));
}
async function correct(): Promise<void> {
  await bench.run(() => bench.activities.sendCorrections(clientId));
  await sendAll();
}
const mails = () => bench.mailbox.mails.filter((one) => one.headers.get('x-meshline-client') === clientId);
const corrections = () => mails().filter((one) => one.subject?.startsWith('Correction'));
const addressesOf = (found: ReturnType<typeof mails>) =>
  found.flatMap((one) => [one.to].flat()).map((one) => one?.text);

async function kept(): Promise<{ destination_id: string; status: string }[]> {
  const { rows } = await sql<{ destination_id: string; status: string }>`
    select destination_id, status from delivery where client_id = ${clientId} and kind = 'correction'
    order by destination_id, delivery_id`.execute(bench.db);
  return rows;
}

/** What was kept tonight was kept the night before. */
const passNight = () =>
  sql`update delivery set business_date = business_date - 1, message_id = 'before' || message_id where client_id = ${clientId} and kind = 'correction'`.execute(
    bench.db,
  );

async function reviseTo(amount: string): Promise<void> {
  await sell(amount);
  expect((await close('revise')).status).toBe('published');
}

describe('a correction', () => {
  test('of a final number goes to whoever was told of it, once, with what was told and what holds; the report does not go out again', async () => {
    await apply([TEAM, SHADOW]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    await correct();
    expect(addressesOf(mails())).toEqual(['ada@agency.example', 'ada@agency.example']);
    const [notice] = corrections();
    expect(notice?.subject).toBe('Correction: Small shop, 3 numbers of Tue 10 Mar 2026');
    expect(notice?.text).toMatch(/Net sales \(version 2\)\s+100\.00\s+80\.00\s+.20\.00/);
    expect(notice?.text?.replace(/\s+/g, ' ')).toContain(
      'Reason: revised by its source. 1 record is changed. Now nothing to compare with.',
    );
  });

  test('for anyone outside the team is a draft, unless the destination says otherwise', async () => {
    await apply([OWNER, mail('board', ['board@shop.example'], { corrections: 'automatic' })]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    expect(await kept()).toEqual([
      { destination_id: 'board', status: 'sent' },
      { destination_id: 'owner', status: 'draft' },
    ]);
    expect(addressesOf(corrections())).toEqual(['board@shop.example']);
  });

  test('goes to people of the team at once, who read the same mail as somebody outside', async () => {
    await apply([mail('both', ['ada', 'kim@shop.example'])]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    expect((await kept()).map(({ status }) => status).sort()).toEqual(['draft', 'sent']);
    expect(addressesOf(corrections())).toEqual(['ada@agency.example']);
  });

  test('goes to no destination that heard of the present version only', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await apply([TEAM, mail('late', ['ben'])], { effectiveFrom: DATE });
    await close();
    await correct();
    expect(addressesOf(corrections())).toEqual(['ada@agency.example']);
  });

  test('is one a night: what changes after it is told by the next, against what was told last', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    await reviseTo('70.00');
    await correct();
    expect(corrections()).toHaveLength(1);
    await passNight();
    await correct();
    expect(corrections()).toHaveLength(2);
    expect(corrections()[1]?.text).toMatch(/Net sales \(version 3\)\s+80\.00\s+70\.00/);
  });

  test('is not owed where the number says again what was told', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await reviseTo('100.00');
    await correct();
    expect(await kept()).toEqual([]);
  });

  test('as a draft makes room for a later one, which tells all of it', async () => {
    await apply([OWNER]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    await reviseTo('70.00');
    await correct();
    expect(await kept()).toEqual([
      { destination_id: 'owner', status: 'superseded' },
      { destination_id: 'owner', status: 'draft' },
    ]);
  });

  test('as a draft is taken back where the number is again what was told, and stays as it is while it holds', async () => {
    await apply([OWNER]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    await correct();
    await passNight();
    await correct();
    expect(await kept()).toEqual([{ destination_id: 'owner', status: 'draft' }]);
    await reviseTo('100.00');
    await correct();
    expect(await kept()).toEqual([{ destination_id: 'owner', status: 'superseded' }]);
  });

  test('tells of a member of a slice that was not reported, and the report does not go out again for it', async () => {
    await applySliced();
    await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '100.00', channel: 'web' }]);
    await close();
    await shop.orders(DATE, [
      { id: '1', at: noon(DATE), amount: '80.00', channel: 'web' },
      { id: '2', at: noon(DATE), amount: '5.00', channel: 'kiosk' },
    ]);
    await close('revise');
    await close();
    await correct();
    expect(mails().map((one) => one.subject?.startsWith('Correction'))).toEqual([false, true]);
    expect(corrections()[0]?.text).toMatch(/Net sales \(version 2\)\s+100\.00\s+85\.00\s+.15\.00/);
    expect(corrections()[0]?.text).toMatch(/Net sales, desk kiosk\s+\(version 1\)\s+not reported\s+5\.00/);
    await passNight();
    await correct();
    expect(corrections()).toHaveLength(1);
  });

  test('is owed also where the report goes out again for what had been withheld', async () => {
    const control = fileControl('gross_sales', { slice: 'desk' }, { sliceField: 'by' });
    await applySliced({ controls: [control] });
    await shop.orders(DATE, [
      { id: '1', at: noon(DATE), amount: '100.00', channel: 'web' },
      { id: '2', at: noon(DATE), amount: '50.00', channel: 'phone' },
    ]);
    await shop.totals([`${DATE},100.00,web`, `${DATE},40.00,phone`]);
    await close();
    await shop.orders(DATE, [
      { id: '1', at: noon(DATE), amount: '80.00', channel: 'web' },
      { id: '2', at: noon(DATE), amount: '50.00', channel: 'phone' },
    ]);
    await shop.totals([`${DATE},80.00,web`, `${DATE},50.00,phone`]);
    await close('revise');
    await correct();
    expect(mails().map((one) => one.subject?.startsWith('Correction'))).toEqual([false, false, true]);
    expect(corrections()[0]?.text).toMatch(/Net sales \(version 2\)\s+150\.00\s+130\.00\s+.20\.00/);
    expect(corrections()[0]?.text).not.toContain('Net sales, desk phone');
  });

  test('goes to nobody outside the team where the destination is internal now, whatever its corrections are', async () => {
    const board = mail('board', ['board@shop.example', 'ada'], { corrections: 'automatic' });
    await apply([board]);
    await sell('100.00');
    await close();
    await apply([{ ...board, to: ['ada'], mode: 'internal' }], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(addressesOf(corrections())).toEqual(['ada@agency.example']);
  });

  test('that the mail server does not take is owed to the next night', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await reviseTo('80.00');
    const refusing = await startMailbox({ onData: (_stream, _session, done) => done(reply(550, 'not here')) });
    const mail = { ...bench.deps.mail, transportUrl: `smtp://127.0.0.1:${refusing.port}` };
    await bench.run(() => bench.activities.sendCorrections(clientId));
    await sendAll(createActivities({ ...bench.deps, mail }));
    refusing.dropConnections();
    await refusing.close();
    expect(await kept()).toEqual([{ destination_id: 'team', status: 'failed' }]);
    await passNight();
    await correct();
    expect(corrections()).toHaveLength(1);
  });

  test('still goes to people of a destination that is gone, as a draft', async () => {
    await apply([TEAM, OWNER]);
    await sell('100.00');
    await close();
    await apply([TEAM], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(await kept()).toEqual([
      { destination_id: 'owner', status: 'draft' },
      { destination_id: 'team', status: 'sent' },
    ]);
  });
});

describe('where the way is another one than before', () => {
  const hook = (more: object = {}) => ({
    id: 'team',
    kind: 'webhook',
    url: 'http://127.0.0.1:9/in',
    secretRef: 'ops-hook',
    mode: 'live',
    ...more,
  });
  const taken = () =>
    sql`update delivery set status = 'sent', sent_at = now(), queued_at = null where client_id = ${clientId}`.execute(
      bench.db,
    );
  const story = async () =>
    (
      await sql<{ detail: unknown }>`
        select (record::jsonb->'detail') - 'delivery'::text as detail from audit_event
        where client_id = ${clientId} and record::jsonb->>'action' = 'correction.held' order by sequence`.execute(
        bench.db,
      )
    ).rows.map((row) => row.detail);
  const notices = async () =>
    (
      await sql`
        select destination_id, channel, status, recipients from delivery
        where client_id = ${clientId} and kind = 'correction' order by destination_id, delivery_id`.execute(bench.db)
    ).rows;

  test('a correction goes by the destination that mails its reader now, once', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await apply([mail('crew', ['ada', 'ben']), mail('desk', ['ada'])], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(await notices()).toEqual([
      { destination_id: 'crew', channel: 'email', status: 'sent', recipients: ['ada@agency.example'] },
    ]);
    await passNight();
    await correct();
    expect(corrections()).toHaveLength(1);
  });

  test('whoever was told by mail is told by mail when the destination has become a system, after somebody has looked', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    await apply([hook()], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(await notices()).toEqual([
      { destination_id: 'team', channel: 'email', status: 'draft', recipients: ['ada@agency.example'] },
    ]);
    expect(await story()).toEqual([
      { recipients: ['ada@agency.example'], reason: 'the destination that told them is gone', status: 'draft' },
    ]);
  });

  test('a system that was given another id is corrected there, once', async () => {
    await apply([hook()]);
    await sell('100.00');
    await close();
    await taken();
    await apply([hook({ id: 'erp' })], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await bench.run(() => bench.activities.sendCorrections(clientId));
    await taken();
    await passNight();
    await bench.run(() => bench.activities.sendCorrections(clientId));
    bench.outboxes.splice(0);
    expect(await notices()).toEqual([
      { destination_id: 'erp', channel: 'webhook', status: 'sent', recipients: ['http://127.0.0.1:9/in'] },
    ]);
  });

  test('whoever reads the destination no more is corrected all the same', async () => {
    await apply([mail('team', ['ada', 'ben'])]);
    await sell('100.00');
    await close();
    await apply([TEAM], { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(addressesOf(corrections())).toEqual(['ada@agency.example, ben@agency.example']);
  });

  test('where that way is in shadow now, by another one that is live, and else by none, which the trail says', async () => {
    await apply([TEAM, OWNER]);
    await sell('100.00');
    await close();
    const shadow = { mode: 'shadow' };
    const destinations = [{ ...TEAM, ...shadow }, { ...OWNER, ...shadow }, mail('crew', ['ada'])];
    await apply(destinations, { effectiveFrom: DATE });
    await reviseTo('80.00');
    await correct();
    expect(await notices()).toMatchObject([
      { destination_id: 'crew', status: 'sent', recipients: ['ada@agency.example'] },
      { destination_id: 'owner', status: 'stored', recipients: ['kim@shop.example'] },
    ]);
    expect(await story()).toMatchObject([{ reason: 'the destination that told them is in shadow now' }]);
  });

  test('who has left the team is told nothing, and the trail says so', async () => {
    const person = (id: string, more: object = {}) => ({
      id,
      name: id,
      email: `${id}@agency.example`,
      timezone: 'America/New_York',
      ...more,
    });
    const team = [mail('team', ['ada', 'cy'])];
    await apply(team, { people: [person('ada'), person('ben'), person('cy')] });
    await sell('100.00');
    await close();
    await apply(team, {
      people: [person('ada'), person('ben'), person('cy', { until: '2026-06-30' })],
      effectiveFrom: DATE,
    });
    await reviseTo('80.00');
    await correct();
    expect(addressesOf(corrections())).toEqual(['ada@agency.example']);
    expect(await story()).toEqual([
      { recipients: ['cy@agency.example'], reason: 'they have left the team', status: 'stored' },
    ]);
  });
});

test('a system whose destination is gone gets no correction, and nobody a mail in its place', async () => {
  const hook = { id: 'hook', kind: 'webhook', url: 'http://127.0.0.1:9/in', secretRef: 'ops-hook', mode: 'live' };
  await apply([TEAM, hook]);
  await sell('100.00');
  await close();
  await sql`update delivery set status = 'sent', sent_at = now(), queued_at = null where destination_id = 'hook'`.execute(
    bench.db,
  );
  bench.outboxes.splice(0);
  await apply([TEAM], { effectiveFrom: DATE });
  await reviseTo('80.00');
  await correct();
  expect(await kept()).toEqual([
    { destination_id: 'hook', status: 'stored' },
    { destination_id: 'team', status: 'sent' },
  ]);
});

test('a system that is told every number of a day is corrected for every one of them, in the report or not', async () => {
  const hook = { id: 'hook', kind: 'webhook', url: 'http://127.0.0.1:9/in', secretRef: 'ops-hook', mode: 'live' };
  // Taxes are a part of it, and no line of the report.
  const report = { metrics: ['total_sales'], destinations: [hook] };
  await bench.apply(shop.document({ client: { id: clientId }, report }));
  await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '100.00', tax: '8.00' }]);
  await close();
  await sql`
    update delivery set status = 'sent', sent_at = now(), queued_at = null where client_id = ${clientId}`.execute(
    bench.db,
  );
  await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '100.00', tax: '9.00' }]);
  await close('revise');
  await bench.run(() => bench.activities.sendCorrections(clientId));
  const { rows } = await sql<{ metrics: string[] }>`
    select jsonb_path_query_array(body_text::jsonb, '$.corrections[*].metric') as metrics from delivery
    where client_id = ${clientId} and kind = 'correction'`.execute(bench.db);
  expect(rows).toEqual([{ metrics: ['taxes', 'total_sales'] }]);
  bench.outboxes.splice(0);
});

test('a system is told a corrected count as a count, and money with the digits of its currency', async () => {
  const hook = { id: 'hook', kind: 'webhook', url: 'http://127.0.0.1:9/in', secretRef: 'ops-hook', mode: 'live' };
  const report = { metrics: ['orders', 'net_sales'], destinations: [hook] };
  await bench.apply(shop.document({ client: { id: clientId }, report }));
  const [one, other] = ['1', '2'].map((id) => ({ id, at: noon(DATE), amount: '100.00' }));
  await shop.orders(DATE, [one!]);
  await close();
  await sql`
    update delivery set status = 'sent', sent_at = now(), queued_at = null where client_id = ${clientId}`.execute(
    bench.db,
  );
  await shop.orders(DATE, [one!, other!]);
  await close('revise');
  await bench.run(() => bench.activities.sendCorrections(clientId));
  const { rows } = await sql<{ body: string }>`
    select body_text as body from delivery where client_id = ${clientId} and kind = 'correction'`.execute(bench.db);
  const told: { metric: string }[] = JSON.parse(rows[0]!.body).corrections;
  const of = (metric: string) => told.find((correction) => correction.metric === metric);
  expect(of('orders')).toMatchObject({ from: { value: '1' }, to: { value: '2' } });
  expect(of('net_sales')).toMatchObject({ from: { value: '100.00' }, to: { value: '200.00' } });
  bench.outboxes.splice(0);
});

describe('a revision of a provisional number', () => {
  test('is one line of the next report, and of no other; nobody gets a notice', async () => {
    await apply([TEAM], { sources: [orderSource('shop', { settlingDays: 400 })] });
    await sell('100.00');
    await close();
    await sell('80.00');
    await close();
    await correct();
    expect(mails()).toHaveLength(1);
    for (const date of [NEXT, AFTER]) {
      await sell('50.00', date);
      await close('manual', date);
    }
    const [, next, after] = mails();
    expect(next?.text).toMatch(/net sales 10 Mar USD 100\.00 →\s+80\.00 \(revised by its source\)/);
    expect(after?.text).not.toContain('revised since');
  });
});

describe('a revision of a provisional slice', () => {
  test('is told by that line as well, and is not owed once it is final', async () => {
    await applySliced({ sources: [orderSource('shop', { settlingDays: 400 })] });
    await sell('100.00');
    await close();
    await sell('80.00');
    await close();
    await sell('50.00', NEXT);
    await close('manual', NEXT);
    expect(mails().at(-1)?.text).toMatch(/100\.00 →\s+80\.00 \(revised by its source\), and 3 more numbers/);
    await sql`update published_number set final_at = now() - interval '1 second' where client_id = ${clientId}`.execute(
      bench.db,
    );
    await correct();
    expect(await kept()).toEqual([]);
  });

  test('that is new on a published day is one line of the next report, and no reason for the report to go out again', async () => {
    await applySliced({ sources: [orderSource('shop', { settlingDays: 400 })] });
    await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '100.00', channel: 'web' }]);
    await close();
    for (const channel of ['kiosk', 'phone']) {
      await shop.orders(DATE, [
        { id: '1', at: noon(DATE), amount: '60.00', channel: 'web' },
        { id: '2', at: noon(DATE), amount: '40.00', channel },
      ]);
      await close();
    }
    expect(mails()).toHaveLength(1);
    await sell('50.00', NEXT);
    await close('manual', NEXT);
    const text = mails().at(-1)?.text?.replace(/\s+/g, ' ');
    expect(text).toContain('1 day was revised since the last report');
    expect(mails()).toHaveLength(2);
    const { rows } = await sql<{ member: string; version: number }>`
      select n.member, n.version from delivery_number n join delivery using (delivery_id)
      where n.client_id = ${clientId} and n.business_date = ${DATE} and n.metric = 'net_sales' and n.dimension = 'desk'
        and delivery.business_date = ${NEXT} order by 1`.execute(bench.db);
    expect(rows).toEqual([
      { member: 'phone', version: 1 },
      { member: 'web', version: 2 },
    ]);
  });
});

describe('after an attempt', () => {
  test('of a single day the revisions of whatever lapsed by it are started; a night starts them itself', async () => {
    await apply([TEAM]);
    await sell('100.00');
    await close();
    expect(bench.revised.filter((one) => one === clientId)).toEqual([]);
    await shop.orders(NEXT, [
      { id: 'a', at: noon(NEXT), amount: '1.00' },
      { id: 'b', at: noon(DATE), amount: '2.00' },
    ]);
    await close('schedule', NEXT);
    expect(bench.revised.filter((one) => one === clientId)).toEqual([]);
    await close('manual', NEXT);
    expect(bench.revised.filter((one) => one === clientId)).toEqual([clientId]);
    expect(await bench.run(() => bench.activities.planRevisions(clientId))).toEqual([
      { businessDate: DATE, beginsAt: 'normalize' },
    ]);
  });

  test('a file that was written anew within its settling window is captured again', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const date = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    await apply([TEAM], { sources: [orderSource('shop', { settlingDays: 20 })] });
    await sell('100.00', date);
    await close('schedule', date);
    const plan = () => bench.run(() => bench.activities.planRevisions(clientId));
    expect(today > date).toBe(true);
    expect(await plan()).toEqual([]);
    await sell('90.00', date);
    expect(await plan()).toEqual([{ businessDate: date, beginsAt: 'capture' }]);
    await bench.close({ clientId, businessDate: date, cause: 'late_data' });
    expect(await plan()).toEqual([]);
  });
});
