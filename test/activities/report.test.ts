import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import { readMaterial } from '../../activities/report/material.ts';
import { recipientsOf } from '../../activities/report/recipients.ts';
import { reportView } from '../../activities/report/view.ts';
import { addDays } from '../../domain/business-day.ts';
import type { ReportView } from '../../infra/mail/report/view.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import type { Destination } from '../../schemas/operating-model.ts';
import { type Mailbox, reply, startMailbox } from '../infra/mail/mailbox.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const at = (date: string) => `${date}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const apply = (over: Record<string, unknown> = {}) => bench.apply(shop.document({ client: { id: clientId }, ...over }));
const close = (businessDate = DATE) => bench.close({ clientId, businessDate });
const mails = () => bench.mailbox.mails.filter((mail) => mail.headers.get('x-meshline-client') === clientId);

async function viewOf(attempt = 1, date = DATE, modelVersion = 1): Promise<ReportView> {
  const key = { clientId, businessDate: date, attempt, modelVersion };
  return reportView(await readMaterial(bench.db, key), 'published');
}
const line = (view: ReportView, key: string) => view.rows.find((row) => row.metric === key)!;

async function deliveries() {
  const { rows } = await sql<{ destination_id: string; status: string; recipients: string[]; sent: boolean }>`
    select destination_id, status, recipients, sent_at is not null as sent from delivery
    where client_id = ${clientId} order by destination_id`.execute(bench.db);
  return rows;
}

describe('the report of a day', () => {
  test('of several stores shows the client first and then each store, in its own currency', async () => {
    const stores = [
      { id: 'us', name: 'Shop US', currency: 'USD' },
      { id: 'eu', name: 'Shop EU', currency: 'EUR' },
    ];
    await apply({
      stores,
      sources: [orderSource('us-shop', { store: 'us' }), orderSource('eu-shop', { store: 'eu' })],
      currencyRates: [{ from: 'EUR', to: 'USD', rate: '1.10', since: '2026-01-01', source: 'ECB' }],
      controls: [fileControl('gross_sales', {}, { storeField: 'by' })],
      report: { metrics: ['gross_sales', 'orders'], slices: ['desk'] },
    });
    await shop.totals([`${DATE},100.00,us`]);
    await shop.orders(DATE, [{ id: '1', at: at(DATE), amount: '100.00', channel: 'web' }], 'us-shop');
    await shop.orders(DATE, [{ id: '1', at: at(DATE), amount: '50.00', channel: 'web' }], 'eu-shop');
    await close();
    const view = await viewOf();
    expect(view.rows.map((row) => [row.metric, row.title, row.value, row.currency, row.certificate])).toEqual([
      ['gross_sales', 'Gross sales', '155.00', 'USD', 'unreconciled'],
      ['orders', 'Orders', '2', null, 'unreconciled'],
      ['us/gross_sales', 'Gross sales, Shop US', '100.00', 'USD', 'reconciled'],
      ['us/orders', 'Orders, Shop US', '1', null, 'unreconciled'],
      ['eu/gross_sales', 'Gross sales, Shop EU', '50.00', 'EUR', 'unreconciled'],
      ['eu/orders', 'Orders, Shop EU', '1', null, 'unreconciled'],
    ]);
    expect(line(view, 'gross_sales').provenance).toBe(
      '1 record of eu-shop; 1 record of us-shop; made of the numbers of its stores; 1 EUR = 1.10 USD (ECB)',
    );
    expect(line(view, 'us/gross_sales').provenance).toMatch(
      /^1 record of us-shop; reconciled with the platform’s report on gross sales \(control platform\), read \d+ \w+ \d\d:\d\d$/,
    );
    expect(line(view, 'eu/gross_sales').provenance).toBe(
      '1 record of eu-shop; nothing to compare with yet: the platform’s report on gross sales (control platform) is not there',
    );
    expect(view.slices).toMatchObject([
      { dimension: 'desk', currency: 'USD', rows: [{ member: 'web', value: '155.00' }] },
    ]);
  });

  test('compares with the same weekday and sums the published days of the month', async () => {
    await apply({ report: { metrics: ['gross_sales', 'orders', 'average_order_value', 'customers'] } });
    const days: [string, string[]][] = [
      [addDays(DATE, -14), ['999.00']],
      [addDays(DATE, -7), ['80.00']],
      [DATE, ['60.00', '40.01']],
    ];
    for (const [date, amounts] of days) {
      await shop.orders(
        date,
        amounts.map((amount, id) => ({ id: `${date}-${id}`, at: at(date), amount, customer: 'c' })),
      );
      await close(date);
    }
    const view = await viewOf();
    expect(line(view, 'gross_sales')).toMatchObject({
      value: '100.01',
      sameWeekday: { date: addDays(DATE, -7), value: '80.00' },
      changePercent: '25.0',
      monthToDate: '180.01',
      monthSince: '2026-03-03',
    });
    expect(line(view, 'average_order_value')).toMatchObject({ value: '50.01', monthToDate: '60.00' });
    expect(line(view, 'orders')).toMatchObject({ value: '2', monthToDate: '3' });
    expect(line(view, 'customers')).toMatchObject({ value: '1', monthToDate: null });
    expect(view.chart?.points.at(-8)).toEqual({ date: addDays(DATE, -7), value: '80.00', note: null });
  });

  test('says what is withheld and in suspense, and why', async () => {
    await apply({
      report: { metrics: ['gross_sales', 'new_customers'] },
      checks: [{ id: 'bad', kind: 'quarantine', source: 'shop', maximumShare: '0.9' }],
    });
    await shop.orders(DATE, [
      { id: '1', at: at(DATE), amount: '10.00' },
      { id: '2', at: at(DATE), amount: '5.25', spoiled: true },
    ]);
    expect((await close()).status).toBe('partially_published');
    const view = await viewOf();
    expect(view.inSuspense).toEqual({ records: 1, amount: '5.25' });
    expect(view.withheld).toEqual([
      {
        metric: 'new_customers',
        title: 'New customers',
        slice: null,
        reason: 'there is not enough customer history before this day to tell new from returning',
        owner: 'Ada Lind',
      },
    ]);
    expect(view.completeness).toEqual([{ source: 'shop', valid: 1, usual: null }]);
    const [mail] = mails();
    expect(mail!.text).toContain('shop: 1 valid record; what is usual on this weekday is not known yet');
    expect(mail!.text).toContain('Partially published');
    expect(mail!.text).toContain('1. 2 records of shop, 1 quarantined; nothing to compare with');
  });

  test('shows what slices leave of their total as a line of its own', async () => {
    await apply({ report: { metrics: ['gross_sales'], slices: ['desk'] } });
    await shop.orders(DATE, [
      { id: '1', at: at(DATE), amount: '1.004', channel: 'web' },
      { id: '2', at: at(DATE), amount: '1.004', channel: 'phone' },
    ]);
    await close();
    const [table] = (await viewOf()).slices;
    expect(table).toMatchObject({ residue: '0.01', rows: [{ value: '1.00' }, { value: '1.00' }] });
  });
});

describe('the delivery of a report', () => {
  const people = (more: Record<string, unknown> = {}) => [
    { id: 'ada', name: 'Ada Lind', email: 'ada@agency.example', timezone: 'America/New_York', ...more },
    { id: 'ben', name: 'Ben Ray', email: 'ben@agency.example', timezone: 'America/New_York' },
    { id: 'cleo', name: 'Cleo Fox', email: 'cleo@agency.example', timezone: 'America/New_York' },
  ];
  const sell = () => shop.orders(DATE, [{ id: '1', at: at(DATE), amount: '10.00' }]);

  test('is kept for every destination: sent, stored in shadow, or a draft until somebody releases it', async () => {
    await apply({
      people: people(),
      report: {
        destinations: [
          {
            id: 'inside',
            kind: 'email',
            to: ['ada', 'cleo'],
            mode: 'internal',
            release: 'automatic',
          },
          { id: 'outside', kind: 'email', to: ['x@client.example'], mode: 'live', release: 'after_review' },
          { id: 'shadow', kind: 'email', to: ['x@client.example'], mode: 'shadow', release: 'automatic' },
        ],
      },
    });
    await sell();
    await close();
    expect(await deliveries()).toEqual([
      {
        destination_id: 'inside',
        status: 'sent',
        sent: true,
        recipients: ['ada@agency.example', 'cleo@agency.example'],
      },
      { destination_id: 'outside', status: 'draft', sent: false, recipients: ['x@client.example'] },
      { destination_id: 'shadow', status: 'stored', sent: false, recipients: ['x@client.example'] },
    ]);
    expect(mails()).toHaveLength(1);
  });

  test('a person who left or is away gets no mail; the deputy stands in for the owner of the report', async () => {
    const destination: Destination = {
      id: 'm',
      kind: 'email',
      to: ['ada', 'cleo'],
      mode: 'internal',
      release: 'automatic',
    };
    await apply({ people: people({ leave: ['2026-03-01/2026-03-14'] }) });
    const { document } = await loadModel(bench.db, clientId, 1);
    expect(recipientsOf(document, destination, '2026-03-14')).toEqual(['ben@agency.example', 'cleo@agency.example']);
    expect(recipientsOf(document, destination, '2026-03-15')).toEqual(['ada@agency.example', 'cleo@agency.example']);
    const left = {
      ...document,
      people: document.people.map((one) => (one.id === 'cleo' ? { ...one, until: '2026-03-09' } : one)),
    };
    expect(recipientsOf(left, destination, '2026-03-15')).toEqual(['ada@agency.example']);
  });

  test('a later try sends only what was not sent, as it was kept, and a lasting failure is recorded', async () => {
    let down: Mailbox | undefined;
    try {
      down = await startMailbox({
        onRcptTo: (address, _session, done) =>
          address.address.startsWith('cleo') ? done(reply(450, 'try again later')) : done(),
      });
      const transportUrl = `smtp://127.0.0.1:${down.port}`;
      const activities = createActivities({ ...bench.deps, mail: { ...bench.deps.mail, transportUrl } });
      await apply({
        people: people(),
        report: {
          destinations: [
            { id: 'away', kind: 'email', to: ['cleo'], mode: 'internal', release: 'automatic' },
            { id: 'there', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' },
          ],
        },
      });
      await sell();
      const day = { clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
      const tries = async (): Promise<void> => {
        const deliver = () => activities.deliverReport(day, 'published');
        await expect(bench.run(deliver)).rejects.toThrow('try again later');
        await expect(bench.run(deliver, 'r', 2)).rejects.toThrow('try again later');
        expect(await bench.run(deliver, 'r', 12)).toMatchObject({ sent: 0, exceptions: [{ kind: 'handoff' }] });
      };
      await bench.close({ clientId, businessDate: DATE, before: { deliverReport: tries } });
      expect(down.mails).toHaveLength(1);
      expect(await deliveries()).toMatchObject([
        { destination_id: 'away', status: 'failed', sent: false },
        { destination_id: 'there', status: 'sent', sent: true },
      ]);
      const { rows } = await sql<{ action: string }>`
        select record::jsonb->>'action' as action from audit_event
        where client_id = ${clientId} and record like '%report.%' order by sequence`.execute(bench.db);
      expect(rows.map((row) => row.action)).toEqual(['report.sent', 'report.not_sent']);
    } finally {
      down?.dropConnections();
      await down?.close();
    }
  });
});
