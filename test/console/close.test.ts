import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { addDays } from '../../domain/business-day.ts';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import type { ExceptionDocument } from '../../schemas/api/exceptions.ts';
import { fileControl, openSmallShop, orderSource, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest } from '../support/temporal.ts';
import { type Serving, startServing } from './serving.ts';

const CLIENT = 'small-shop';
const MATCHED = '2026-03-02';
const DIFFERENT = '2026-03-03';

let serving: Serving;
let shop: SmallShop;
let token: string;

beforeAll(async () => {
  if (!devServer) return;
  serving = await startServing();
  shop = await openSmallShop();
  token = await serving.api.token('owner', null, 'ada');
  for (const date of [MATCHED, DIFFERENT])
    await shop.orders(date, [
      { id: `${date}-1`, at: `${date}T15:00:00Z`, amount: '60.00', customer: 'c1', channel: 'web' },
      { id: `${date}-2`, at: `${date}T16:00:00Z`, amount: '40.00', discount: '5.00', customer: 'c2', channel: 'phone' },
      { id: `${date}-2`, at: `${date}T16:00:00Z`, amount: '40.00', discount: '5.00', customer: 'c2', channel: 'phone' },
      { id: `${date}-3`, at: `${date}T17:00:00Z`, amount: '7.50', spoiled: true },
    ]);
  await shop.totals([`${MATCHED},100.00,`, `${DIFFERENT},90.00,`]);
  const body = shop.document({ controls: [fileControl('gross_sales')], report: { slices: ['desk'] } });
  const applied = await ask('POST', '/clients', body);
  expect([applied.status, applied.body]).toEqual([200, { client: CLIENT, version: 1, changed: true }]);
}, 120_000);

afterAll(async () => {
  if (!devServer) return;
  await serving.stop();
  await shop.remove();
}, 60_000);

const ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  serving.api.ask<T>(method, path, { token, body });

async function close(date: string, client = CLIENT): Promise<CloseDocument> {
  const started = await ask('POST', `/clients/${client}/closes/${date}`);
  expect([started.status, started.body]).toMatchObject([202, { client, businessDate: date }]);
  const shown = await ask<CloseDocument>('GET', `/clients/${client}/closes/${date}?waitSeconds=30`);
  expect(shown.status).toBe(200);
  return shown.body;
}

const decision = (verb: string, more: object = {}) => ({
  decisionId: randomUUID(),
  verb,
  reason: 'seen and understood',
  ...more,
});

devServerTest('a day that matches is closed, and its document says what it rests on', async () => {
  const shown = await close(MATCHED);
  expect(shown).toMatchObject({
    client: CLIENT,
    businessDate: MATCHED,
    attempt: 1,
    workflowId: `close/${CLIENT}/${MATCHED}`,
    status: 'published',
    captured: { records: 4, quarantined: 1, duplicates: 1, inSuspense: '7.50' },
    quarantined: [{ source: 'shop', place: expect.stringMatching(/ line 4$/), amount: '7.50' }],
    exceptions: [],
    lapsed: null,
    lapsedDays: [],
  });
  expect(shown.metrics.map((one) => [one.metric, one.value, one.currency, one.status, one.certificate])).toEqual([
    ['gross_sales', '100.00', 'USD', 'published', 'reconciled'],
    ['net_sales', '95.00', 'USD', 'published', 'unreconciled'],
    ['orders', '2', null, 'published', 'unreconciled'],
    ['average_order_value', '47.50', 'USD', 'published', 'unreconciled'],
  ]);
  expect(shown.metrics[0]).not.toHaveProperty('store');
  expect(shown.controls).toMatchObject([
    {
      control: 'platform',
      metric: 'gross_sales',
      ours: '100.00',
      theirs: '100.00',
      difference: '0.00',
      status: 'matched',
    },
  ]);
});

devServerTest('a day that is not over and a day before any operating model are refused', async () => {
  const tomorrow = addDays(new Date().toISOString().slice(0, 10), 1);
  const early = await ask('POST', `/clients/${CLIENT}/closes/${tomorrow}`);
  expect([early.status, early.body]).toMatchObject([422, { type: '/problems/day-not-over' }]);
  const never = await ask('GET', `/clients/${CLIENT}/closes/2020-01-01?waitSeconds=1`);
  expect([never.status, never.body]).toMatchObject([404, { type: '/problems/never-closed' }]);
});

devServerTest('a difference waits; a late decision is refused, a good one is carried out once', async () => {
  const waiting = await close(DIFFERENT);
  expect(waiting).toMatchObject({
    status: 'waiting',
    exceptions: [{ kind: 'control_difference', metric: 'gross_sales', owner: 'ada' }],
  });
  expect(waiting.metrics[0]).toMatchObject({ metric: 'gross_sales', status: 'withheld', value: null, version: null });
  const { id } = waiting.exceptions[0]!;

  const listed = await ask('GET', `/exceptions?client=${CLIENT}&state=open`);
  expect(listed.body).toMatchObject({ exceptions: [{ id, client: CLIENT, businessDate: DIFFERENT }] });
  const shown = await ask<ExceptionDocument>('GET', `/exceptions/${id}`);
  expect(shown.body).toMatchObject({
    id,
    difference: '10.00',
    incident: null,
    suggestedFixes: [{ id: 'f1', kind: 'accept_difference', preview: { otherDays: [] } }],
    quarantined: [{ amount: '7.50' }],
    workspace: {
      lineage: {
        upstream: [
          {
            source: 'shop',
            records: 4,
            quarantined: 1,
            duplicates: 1,
            transform: 'shop@1',
            captures: [{ records: 4 }],
          },
        ],
        downstream: { destinations: ['mail'] },
      },
      tried: [{ attempt: 1, beginsAt: 'capture', status: 'waiting', error: null }],
    },
  });
  expect(shown.body.workspace.lineage.downstream.metrics).toContain('gross_sales');
  const [held] = shown.body.quarantined;
  const edited = { records: [{ event: held!.event, set: { amount: '7.50', spoiled: false } }] };
  const tried = await ask<ExceptionDocument['suggestedFixes'][number]>('POST', `/exceptions/${id}/fixes`, edited);
  expect([tried.status, tried.body]).toMatchObject([200, { id: 'f2', kind: 'resubmit_quarantined' }]);
  expect(tried.body.preview.metrics).toContainEqual({ metric: 'gross_sales', before: '100.00', after: '107.50' });
  const foreign = await ask('POST', `/exceptions/${id}/fixes`, { records: [{ event: '1', set: { a: 1 } }] });
  expect([foreign.status, foreign.body]).toMatchObject([422, { type: '/problems/unknown-record' }]);
  expect(tried.body.title).toBe(`Resubmit record ${held!.key} of shop: amount = 7.50, spoiled = false`);
  for (const [set, path, found] of [
    [{ amount: 'xyz', spoiled: false }, 'amount', '"xyz"'],
    [{ amount: '50,44', spoiled: false }, 'amount', '"50,44"'],
    [{ at: '', spoiled: false }, 'at', 'nothing'],
    [{ id: null, spoiled: false }, 'id', 'nothing'],
    [{ nope: 1 }, 'nope', '1'],
  ] as const) {
    const wrong = await ask('POST', `/exceptions/${id}/fixes`, { records: [{ event: held!.event, set }] });
    expect([wrong.status, wrong.body]).toMatchObject([422, { type: '/problems/wrong-edit' }]);
    expect(wrong.body.problems).toContainEqual({ path, found, expected: expect.any(String) });
  }
  for (const [records, type] of [
    [[{ event: held!.event, set: { amount: '7.50' } }], '/problems/wrong-edit'],
    [[...edited.records, ...edited.records], '/problems/record-twice'],
    [[{ event: '9'.repeat(18), set: { a: 1 } }], '/problems/unknown-record'],
  ] as const) {
    const refused = await ask('POST', `/exceptions/${id}/fixes`, { records });
    expect([refused.status, refused.body]).toMatchObject([422, { type }]);
  }
  const withIt = await ask<ExceptionDocument>('GET', `/exceptions/${id}`);
  expect(withIt.body.suggestedFixes.map((one) => one.id)).toEqual(['f1', 'f2']);
  const kept = await ask<ExceptionDocument>('GET', `/exceptions/${id}?fixes=kept`);
  expect(kept.body.suggestedFixes).toEqual(withIt.body.suggestedFixes);

  const stale = await ask(
    'POST',
    `/exceptions/${id}/decisions`,
    decision('approve', { expectedVersion: shown.body.version + 7 }),
  );
  expect([stale.status, stale.body]).toMatchObject([
    409,
    { type: '/problems/stale-decision', present: { version: shown.body.version } },
  ]);

  const approve = decision('approve', { expectedVersion: shown.body.version, onBehalfOf: 'ben' });
  const taken = await ask('POST', `/exceptions/${id}/decisions`, approve);
  expect([taken.status, taken.body]).toMatchObject([200, { id }]);
  const again = await ask('POST', `/exceptions/${id}/decisions`, approve);
  expect(again.status).toBe(200);

  const published = await ask<CloseDocument>('GET', `/clients/${CLIENT}/closes/${DIFFERENT}?waitSeconds=30`);
  expect(published.body).toMatchObject({ status: 'published', attempt: 2 });
  expect(published.body.metrics[0]).toMatchObject({ metric: 'gross_sales', value: '100.00', certificate: 'qualified' });
  const late = await ask('POST', `/exceptions/${id}/decisions`, decision('reject'));
  expect([late.status, late.body]).toMatchObject([200, { id, state: 'resolved' }]);
  const timeline = (late.body as ExceptionDocument).timeline.map((one) => one.event).join('\n');
  expect(timeline).toMatch(/Found by attempt 1[\s\S]*Accepted the difference/);
});

devServerTest('the numbers, the story and the chain of the days are there to read', async () => {
  const numbers = await ask<{ numbers: { value: string; slice: unknown }[] }>(
    'GET',
    `/clients/${CLIENT}/numbers?metric=gross_sales&from=${MATCHED}&to=${MATCHED}`,
  );
  expect(numbers.body.numbers).toMatchObject([
    {
      metric: 'gross_sales',
      businessDate: MATCHED,
      version: 1,
      value: '100.00',
      slice: null,
      certificate: 'reconciled',
    },
  ]);
  const slices = await ask<{ numbers: { value: string; slice: unknown }[] }>(
    'GET',
    `/clients/${CLIENT}/numbers?metric=gross_sales&from=${MATCHED}&to=${MATCHED}&slice=desk`,
  );
  expect(slices.body.numbers.map((one) => [one.slice, one.value])).toEqual([
    [{ dimension: 'desk', member: 'phone' }, '40.00'],
    [{ dimension: 'desk', member: 'web' }, '60.00'],
  ]);
  const story = await ask<{ story: { text: string; actor: string; onBehalfOf?: string }[]; attempts: unknown[] }>(
    'GET',
    `/clients/${CLIENT}/audit?date=${DIFFERENT}`,
  );
  expect(story.body.attempts).toHaveLength(2);
  const texts = story.body.story.map(
    (one) => `${one.actor}${one.onBehalfOf ? ` for ${one.onBehalfOf}` : ''}: ${one.text}`,
  );
  expect(texts.join('\n')).toMatch(
    /ada: Asked for the day to be closed[\s\S]*ada: Started an attempt by hand[\s\S]*ada for ben: Accepted the difference[\s\S]*seen and understood/,
  );
  const verified = await ask('GET', '/audit/verify');
  expect(verified.body).toMatchObject({ ok: true, problems: [] });
});

devServerTest('a decision whose review is gone says who brings it back', async () => {
  const date = '2026-03-04';
  await shop.orders(date, [{ id: 'x', at: `${date}T15:00:00Z`, amount: '1.00' }]);
  await shop.totals([`${MATCHED},100.00,`, `${DIFFERENT},90.00,`, `${date},2.00,`]);
  const { exceptions } = await close(date);
  const { id } = exceptions[0]!;
  await serving.environment.client.workflow.getHandle(exceptionWorkflowId(id)).terminate();
  const answer = await ask('POST', `/exceptions/${id}/decisions`, decision('approve'));
  expect([answer.status, answer.body]).toMatchObject([503, { type: '/problems/review-missing' }]);
  expect(String(answer.body.detail)).toContain('reconcile');
});

const AWAITED = {
  source: 'shop',
  file: expect.stringContaining('/'),
  until: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
};

devServerTest('an attempt that waits for its data is cancelled with a reason', async () => {
  const yesterday = addDays(new Date().toISOString().slice(0, 10), -2);
  const patient = orderSource('shop', { contract: { sla: '4000h', owner: 'ada', deputy: 'ben' } });
  const document = shop.document({ client: { id: 'patient-shop', name: 'Patient shop' }, sources: [patient] });
  expect((await ask('POST', '/clients', document)).status).toBe(200);
  expect((await ask('POST', `/clients/patient-shop/closes/${yesterday}`)).status).toBe(202);
  const running = await ask('GET', `/clients/patient-shop/closes/${yesterday}?waitSeconds=1`);
  expect(running.body).toMatchObject({ status: 'running', stage: 'capture', waitingFor: [AWAITED] });
  const cancelled = await ask('POST', `/clients/patient-shop/closes/${yesterday}/cancel`, {
    reason: 'the till is down',
  });
  expect([cancelled.status, cancelled.body]).toMatchObject([
    200,
    { status: 'cancelled', error: 'cancelled by ada: the till is down' },
  ]);
  const again = await ask('POST', `/clients/patient-shop/closes/${yesterday}/cancel`, { reason: 'the till is down' });
  expect([again.status, again.body]).toMatchObject([409, { type: '/problems/not-running' }]);
  const story = await ask<{ story: { text: string }[] }>('GET', `/clients/patient-shop/audit?date=${yesterday}`);
  expect(story.body.story.map((one) => one.text).join('\n')).toContain('the till is down');
});

devServerTest(
  'a file that is uploaded is what the day is captured from, and a total that is stated what it is compared with',
  async () => {
    const date = '2026-03-05';
    const control = { id: 'desk', metric: 'gross_sales', evidence: 'platform_report', connector: 'api' };
    const document = shop.document({ client: { id: 'sent-shop', name: 'Sent shop' }, controls: [control] });
    expect((await ask('POST', '/clients', document)).status).toBe(200);
    const upload = (text: string, name = `shop-${date}.ndjson`) =>
      serving.api.ask('POST', `/clients/sent-shop/sources/shop/uploads?fileName=${name}`, {
        token,
        body: text,
        headers: { 'content-type': 'application/octet-stream' },
      });
    const line = `${JSON.stringify({ id: 'a', at: `${date}T15:00:00Z`, amount: '12.00' })}\n`;
    const sent = await upload(line);
    expect([sent.status, sent.body]).toMatchObject([200, { businessDate: date, bytes: line.length, changed: true }]);
    expect((await upload(line)).body).toMatchObject({ changed: false });
    expect((await upload(line, 'other.ndjson')).body).toMatchObject({ type: '/problems/no-date' });
    const check = await ask('GET', `/clients/sent-shop/sources/check?date=${date}`);
    expect(check.body).toMatchObject({ sources: [{ source: 'shop', status: 'found' }] });

    const state = (value: string) =>
      ask('POST', '/clients/sent-shop/controls/desk/totals', { businessDate: date, value });
    expect((await state('12.00')).body).toEqual({ control: 'desk', businessDate: date, value: '12.00', changed: true });
    expect((await state('12')).body).toMatchObject({ changed: false });
    expect(await close(date, 'sent-shop')).toMatchObject({
      status: 'published',
      controls: [{ control: 'desk', theirs: '12.00', status: 'matched' }],
    });

    expect((await state('13.00')).body).toMatchObject({ changed: true });
    const lapsed = await ask<CloseDocument>('GET', `/clients/sent-shop/closes/${date}`);
    expect(lapsed.body).toMatchObject({ lapsed: { reason: 'the total of desk changed' }, lapsedDays: [date] });
    expect(lapsed.body.metrics[0]).toMatchObject({ value: '12.00', status: 'published', certificate: 'lapsed' });
  },
);

devServerTest('a schedule is made once, and a range of days is closed in order', async () => {
  const first = await ask('POST', '/schedules', { client: CLIENT });
  expect([first.status, first.body]).toEqual([
    200,
    {
      schedules: [
        { client: CLIENT, scheduleId: `nightly/${CLIENT}`, at: '04:30', timezone: 'America/New_York', changed: true },
      ],
    },
  ]);
  const second = await ask('POST', '/schedules', { client: CLIENT });
  expect(second.body).toMatchObject({ schedules: [{ changed: false }] });
  expect((await ask('POST', '/schedules', {})).status).toBe(422);

  const backfill = await ask('POST', `/clients/${CLIENT}/backfills`, { from: MATCHED, to: DIFFERENT });
  expect([backfill.status, backfill.body]).toEqual([202, { workflowId: `backfill/${CLIENT}/${MATCHED}/${DIFFERENT}` }]);
  await serving.environment.client.workflow.getHandle(`backfill/${CLIENT}/${MATCHED}/${DIFFERENT}`).result();
  const days = await ask<{ days: CloseDocument[] }>('GET', `/clients/${CLIENT}/closes?from=${MATCHED}&to=${DIFFERENT}`);
  expect(days.body.days.map((one) => [one.businessDate, one.status])).toEqual([
    [MATCHED, 'published'],
    [DIFFERENT, 'published'],
  ]);
});

devServerTest('a draft is tried on a day and nothing of it is kept', async () => {
  const draft = { ...shop.document({ report: { metrics: ['gross_sales', 'discounts'] } }), date: MATCHED };
  const preview = await ask('POST', '/clients/preview', draft);
  expect([preview.status, preview.body]).toMatchObject([
    200,
    {
      client: CLIENT,
      businessDate: MATCHED,
      captured: { records: 4, quarantined: 1, duplicates: 1, inSuspense: '7.50' },
      metrics: [
        { metric: 'gross_sales', value: '100.00', currency: 'USD', status: 'published' },
        { metric: 'discounts', value: '-5.00', currency: 'USD', status: 'published' },
      ],
      sources: [{ source: 'shop', status: 'captured' }],
      quarantined: [{ source: 'shop', place: expect.stringMatching(/ line 4$/), amount: '7.50' }],
      problems: [],
    },
  ]);
  const shown = await ask('GET', `/clients/${CLIENT}`);
  expect(shown.body).toMatchObject({ version: 1 });
  const tomorrow = addDays(new Date().toISOString().slice(0, 10), 1);
  const early = await ask('POST', '/clients/preview', { ...draft, date: tomorrow });
  expect([early.status, early.body.type]).toEqual([422, '/problems/day-not-over']);
  const broken = await ask('POST', '/clients/preview', { ...shop.document({ sources: [] }), date: MATCHED });
  expect([broken.status, broken.body.type]).toEqual([422, '/problems/invalid-model']);
  expect((broken.body.problems as unknown[]).length).toBeGreaterThan(0);
});
