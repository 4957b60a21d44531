import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestInstallation } from '../support/installation.ts';

const MINUTES = 60_000;
const SHARED = '../shared/examples';
/** Examples that lie outside the repository are tried where they are there; a name says so where they are not. */
const withShared = existsSync(SHARED) ? test : test.skip;

type Metric = {
  metric: string;
  slice: string | null;
  value: string | null;
  status: string;
  certificate: string | null;
};
type Day = {
  businessDate: string;
  attempt: number;
  status: string;
  captured: { records: number; quarantined: number; duplicates: number; inSuspense: string };
  metrics: Metric[];
  controls: { control: string; difference: string; status: string }[];
};

const valuesOf = (day: Day): Record<string, string | null> =>
  Object.fromEntries(day.metrics.filter((one) => one.slice === null).map((one) => [one.metric, one.value]));

describe('an operating model and its files', () => {
  const installation = new TestInstallation();
  beforeAll(() => installation.start('--empty'), 20 * MINUTES);
  afterAll(() => installation.dispose(), 2 * MINUTES);

  const close = (client: string, date: string, codes = [0]) =>
    installation.json<Day>(['close', 'run', '--client', client, '--date', date, '--wait'], codes);

  describe('of the corner shop', () => {
    const document = 'examples/corner-shop/operating-model.yaml';

    test('are previewed without being stored', async () => {
      const preview = await installation.json<Day>(['client', 'preview', document, '--date', '2026-03-02']);
      expect(valuesOf(preview)).toMatchObject({ gross_sales: '193.49', net_sales: '188.69', total_sales: '230.63' });
      expect(await installation.json(['client', 'list'])).toEqual({ clients: [] });
    });

    test('are applied once', async () => {
      const apply = () => installation.json(['client', 'apply', document]);
      expect(await apply()).toEqual({ client: 'corner-shop', version: 1, changed: true });
      expect(await apply()).toEqual({ client: 'corner-shop', version: 1, changed: false });
    });

    test('close to the numbers that the preview showed, reconciled with the platform', async () => {
      const day = await close('corner-shop', '2026-03-02');
      expect(day).toMatchObject({ attempt: 1, status: 'published', captured: { records: 9, quarantined: 0 } });
      expect(valuesOf(day)).toEqual({
        gross_sales: '193.49',
        discounts: '-4.80',
        sales_reversals: '0.00',
        net_sales: '188.69',
        total_sales: '230.63',
        orders: '3',
      });
      expect(day.metrics.find((one) => one.metric === 'total_sales')).toMatchObject({ certificate: 'reconciled' });
    });

    test('hold a line that breaks its schema in quarantine and publish the rest', async () => {
      const day = await close('corner-shop', '2026-03-03');
      expect(day).toMatchObject({ status: 'published', captured: { records: 6, quarantined: 1 } });
      expect(valuesOf(day)).toMatchObject({ sales_reversals: '-62.75', total_sales: '24.90', orders: '1' });
    });

    test('change nothing when the day is run again, and send no second mail', async () => {
      const mails = async () => {
        const { messages } = (await (await fetch(`${installation.endpoints.mailbox}/api/messages`)).json()) as {
          messages: unknown[];
        };
        return messages.length;
      };
      const before = await mails();
      const day = await close('corner-shop', '2026-03-02');
      expect(day).toMatchObject({ attempt: 2, status: 'published' });
      expect(valuesOf(day)).toMatchObject({ total_sales: '230.63' });
      expect(await mails()).toBe(before);
    });
  });

  withShared(
    'of Online Retail close the real days to the published totals',
    async () => {
      await installation.json(['client', 'apply', `${SHARED}/online-retail/operating-model.yaml`]);
      const day = await close('online-retail', '2010-12-01');
      expect(day).toMatchObject({ status: 'published', captured: { records: 3108, quarantined: 0, duplicates: 0 } });
      expect(valuesOf(day)).toMatchObject({ invoiced_total: '58635.56', orders: '137' });
      expect(day.controls).toMatchObject([{ control: 'till-daily', difference: '0.00', status: 'matched' }]);
    },
    MINUTES,
  );

  withShared(
    'of Online Retail close a month in order, closed days included',
    async () => {
      const range = ['--client', 'online-retail', '--from', '2010-12-01', '--to', '2011-01-31'];
      const { days } = await installation.json<{ days: Day[] }>(['close', 'backfill', ...range, '--wait']);
      expect(days.map((day) => day.status)).toEqual(Array(62).fill('published'));
      const totals = await readFile('../shared/data/online-retail/daily-totals.csv', 'utf8');
      const [head, ...lines] = totals
        .trim()
        .split('\n')
        .map((line) => line.trim().split(','));
      const column = (name: string) => head!.indexOf(name);
      const net = new Map(lines.map((line) => [line[column('day')]!, line[column('net')]!]));
      for (const day of days.filter((one) => net.has(one.businessDate)))
        expect([day.businessDate, Number(valuesOf(day).invoiced_total)]).toEqual([
          day.businessDate,
          Number(Number(net.get(day.businessDate)).toFixed(2)),
        ]);
    },
    5 * MINUTES,
  );

  withShared(
    'of one NDJSON file a day close, refunds on their own day and test orders nowhere',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'orders-ndjson-'));
      await cp(`${SHARED}/orders-ndjson/operating-model.yaml`, join(folder, 'operating-model.yaml'));
      const line = (id: number, more: object) => ({
        id,
        processed_at: '2026-03-09T03:30:00Z',
        currency: 'USD',
        subtotal_price: '100.00',
        total_price: '108.00',
        test: false,
        landing_site: '/?utm_source=google&utm_medium=cpc&gclid=x',
        line_items: [{ price: '50.00', quantity: 2, discount: '10.00' }],
        refunds: [],
        ...more,
      });
      const orders = [
        line(1, {}),
        line(2, { test: true }),
        line(1, {}),
        line(3, { refunds: [{ created_at: '2026-03-08T16:00:00-04:00', amount: '30.00' }] }),
        line(4, { currency: 'EUR' }),
      ];
      await writeFile(join(folder, 'orders-2026-03-08.ndjson'), orders.map((one) => JSON.stringify(one)).join('\n'));
      await installation.json(['client', 'apply', join(folder, 'operating-model.yaml')]);
      // One of four standing records is in quarantine, more than the model allows: the day waits for a person.
      const day = await close('orders-ndjson', '2026-03-08', [3]);
      expect(day).toMatchObject({
        status: 'waiting',
        captured: { records: 5, quarantined: 1, duplicates: 1 },
      });
    },
    MINUTES,
  );
});
