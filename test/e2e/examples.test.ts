import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { TestInstallation } from '../support/installation.ts';
import { testWithShared } from '../support/shared-data.ts';

const MINUTES = 60_000;
const SHARED = '../shared/examples';

describe('an operating model and its files', () => {
  const installation = new TestInstallation();
  beforeAll(() => installation.start('--empty'), 20 * MINUTES);
  afterAll(() => installation.dispose(), 2 * MINUTES);

  const close = (client: string, date: string, codes = [0]) =>
    installation.json<CloseDay>(['close', 'run', '--client', client, '--date', date, '--wait'], codes);

  describe('of the corner shop', () => {
    const document = 'examples/corner-shop/operating-model.yaml';

    test('are previewed without being stored', async () => {
      const preview = await installation.json<CloseDay>(['client', 'preview', document, '--date', '2026-03-02']);
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

  testWithShared(
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
