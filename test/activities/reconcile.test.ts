import { sql } from 'kysely';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const noon = `${DATE}T16:00:00Z`;

type Found = { status: string; difference: string | null; unreconciled: string | null; items: string[] };

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

describe('a difference and its reconciling items', () => {
  const apply = (over: Record<string, unknown> = {}) =>
    bench.apply(shop.document({ client: { id: clientId }, controls: [fileControl('gross_sales')], ...over }));
  const close = (date = DATE) => bench.close({ clientId, businessDate: date });

  async function found(control = 'platform', place: { store?: string; slice?: string } = {}): Promise<Found> {
    const { rows } = await sql<Omit<Found, 'items'>>`
      select status, (difference_micros / 1000000.0)::numeric(12,2)::text as difference,
        (unreconciled_micros / 1000000.0)::numeric(12,2)::text as unreconciled
      from control_result where client_id = ${clientId} and control_id = ${control}
        and store_id = coalesce(${place.store ?? null}, store_id) and slice = ${place.slice ?? ''}
      order by business_date desc, attempt desc limit 1`.execute(bench.db);
    const items = await sql<{ text: string }>`
      select i.kind || coalesce(' (' || i.detail || ')', '') || ' ' || (i.amount_micros / 1000000.0)::numeric(12,2) as text,
        i.amount_micros = (select sum(r.amount_micros) from reconciling_item_record r where r.item_id = i.item_id) as sums
      from reconciling_item i where i.client_id = ${clientId} and i.control_id = ${control}
        and i.store_id = coalesce(${place.store ?? null}, i.store_id) and i.slice = ${place.slice ?? ''}
        and i.attempt = (select max(attempt) from control_result c where c.client_id = ${clientId} and c.business_date = i.business_date)
      order by i.item_id`.execute(bench.db);
    expect(items.rows.every((row) => 'sums' in row && row.sums === true)).toBe(true);
    return { ...rows[0]!, items: items.rows.map((row) => row.text) };
  }

  test('records in quarantine are missing from our number, and explaining them makes no control pass', async () => {
    await apply();
    await shop.orders(DATE, [
      { id: '1', at: noon, amount: '100.00' },
      { id: '2', at: noon, amount: '40.00', spoiled: true },
    ]);
    await shop.totals([`${DATE},140.00,`]);
    expect((await close()).status).toBe('waiting');
    expect(await found()).toEqual({
      status: 'difference',
      difference: '-40.00',
      unreconciled: '0.00',
      items: ['quarantined -40.00'],
    });
  });

  test('what no cause explains stays unreconciled beside the quarantined part', async () => {
    await apply();
    await shop.orders(DATE, [
      { id: '1', at: noon, amount: '100.00' },
      { id: '2', at: noon, amount: '40.00', spoiled: true },
    ]);
    await shop.totals([`${DATE},147.00,`]);
    await close();
    expect(await found()).toMatchObject({ difference: '-47.00', unreconciled: '-7.00', items: ['quarantined -40.00'] });
  });

  test('a test order that the platform counts', async () => {
    await apply();
    await shop.orders(DATE, [
      { id: '1', at: noon, amount: '100.00' },
      { id: '2', at: noon, amount: '9.99', test: true },
    ]);
    await shop.totals([`${DATE},109.99,`]);
    await close();
    expect(await found()).toMatchObject({ unreconciled: '0.00', items: ['test_orders -9.99'] });
  });

  test('a record that came twice and that the platform counts twice', async () => {
    await apply();
    const order = { id: '1', at: noon, amount: '100.00' };
    await shop.orders(DATE, [order, order, { id: '2', at: noon, amount: '1.00' }]);
    await shop.totals([`${DATE},201.00,`]);
    await close();
    expect(await found()).toMatchObject({ unreconciled: '0.00', items: ['duplicates -100.00'] });
  });

  test('a block of lines that stands twice in a file where the place is the key', async () => {
    const mapping = { ...(orderSource().mapping as object), key: ['$file', '$line'] };
    await apply({ sources: [orderSource('shop', { mapping })] });
    const line = (id: string, amount: string) => ({ id, at: noon, amount });
    const page = [line('2', '20.00'), line('3', '30.00'), line('4', '40.00')];
    await shop.orders(DATE, [line('1', '10.00'), ...page, ...page]);
    await shop.totals([`${DATE},100.00,`]);
    await close();
    expect(await found()).toMatchObject({ items: [`duplicates (lines 5 to 7 of shop-${DATE}.ndjson) 90.00`] });
    await shop.orders(DATE, [line('1', '10.00'), ...page, ...page, line('1', '10.00')]);
    await shop.totals([`${DATE},110.00,`]);
    await close();
    expect(await found()).toMatchObject({
      difference: '90.00',
      unreconciled: '0.00',
      items: [`duplicates (lines 5 to 7 of shop-${DATE}.ndjson) 90.00`],
    });
  });

  test('records that came after the platform’s total was read', async () => {
    await apply();
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '100.00' }]);
    await shop.totals([`${DATE},100.00,`]);
    expect((await close()).status).toBe('published');
    await shop.orders(DATE, [
      { id: '1', at: noon, amount: '100.00' },
      { id: '2', at: noon, amount: '25.00' },
    ]);
    expect((await close()).status).toBe('waiting');
    expect(await found()).toMatchObject({
      difference: '25.00',
      unreconciled: '0.00',
      items: ['late_arrivals (after its total was read) 25.00'],
    });
  });

  test('records at both edges of the day, where the platform counts in another zone', async () => {
    await apply();
    const evening = { id: 'evening', at: '2026-03-11T01:00:00Z', amount: '70.00' };
    const before = { id: 'before', at: '2026-03-10T02:00:00Z', amount: '15.00' };
    await shop.orders('2026-03-09', [before]);
    await shop.totals(['2026-03-09,15.00,', `${DATE},115.00,`]);
    await close('2026-03-09');
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '100.00' }, evening]);
    await close();
    expect(await found()).toMatchObject({
      difference: '55.00',
      unreconciled: '0.00',
      items: ['zone_shift (UTC) 55.00'],
    });
  });

  test('several causes at once, the fewest that leave nothing', async () => {
    await apply({ controls: [fileControl('net_sales')] });
    const order = { id: '1', at: noon, amount: '100.00', discount: '10.00', tax: '8.00' };
    await shop.orders(DATE, [
      order,
      order,
      { id: '2', at: noon, amount: '50.00', tax: '4.00', test: true },
      { id: '3', at: noon, amount: '30.00', discount: '3.00', spoiled: true },
    ]);
    await shop.totals([`${DATE},167.00,`]);
    await close();
    expect(await found()).toMatchObject({
      difference: '-77.00',
      unreconciled: '0.00',
      items: ['quarantined -27.00', 'test_orders -50.00'],
    });
  });

  test('items belong to the member of the slice that they explain', async () => {
    await apply({ controls: [fileControl('gross_sales', { slice: 'desk' }, { sliceField: 'by' })] });
    await shop.orders(DATE, [
      { id: '1', at: noon, amount: '100.00', channel: 'web' },
      { id: '2', at: noon, amount: '7.00', channel: 'phone' },
      { id: '3', at: noon, amount: '3.00', channel: 'phone', test: true },
      { id: '4', at: noon, amount: '5.00' },
    ]);
    await shop.totals([`${DATE},100.00,web`, `${DATE},10.00,phone`, `${DATE},5.00,`, `${DATE},2.00,fax`]);
    await close();
    expect(await found('platform', { slice: 'web' })).toMatchObject({ status: 'matched', items: [] });
    expect(await found('platform', { slice: 'phone' })).toMatchObject({ items: ['test_orders -3.00'] });
    expect(await found('platform', { slice: '(none)' })).toMatchObject({ status: 'matched' });
    expect(await found('platform', { slice: 'fax' })).toMatchObject({ status: 'difference', unreconciled: '-2.00' });
  });
});

describe('totals and tolerances', () => {
  const apply = (controls: unknown[], over: Record<string, unknown> = {}) =>
    bench.apply(shop.document({ client: { id: clientId }, controls, ...over }));
  const close = (date = DATE) => bench.close({ clientId, businessDate: date });
  const sell = (date: string, amount: string) =>
    shop.orders(date, [{ id: `${date}-1`, at: `${date}T16:00:00Z`, amount }]);
  const statuses = async () => {
    const { rows } = await sql<{ status: string }>`
      select c.status from control_result c join business_day d on d.client_id = c.client_id
        and d.business_date = c.business_date and d.settled_attempt = c.attempt
      where c.client_id = ${clientId} order by c.business_date, c.store_id, c.slice`.execute(bench.db);
    return rows.map((row) => row.status);
  };

  test('no total is its own state, published as such unless the control requires one', async () => {
    await apply([fileControl('gross_sales'), fileControl('net_sales', { required: true }, {}, 'strict')]);
    await sell(DATE, '5.00');
    expect((await close()).status).toBe('waiting');
    expect(await statuses()).toEqual(['not_reconciled', 'not_reconciled']);
    const { rows } = await sql<{ kind: string; metric: string }>`
      select kind, metric from exception where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toEqual([{ kind: 'control_missing', metric: 'net_sales' }]);
  });

  test('a total of zero is a total; of it, percent allows nothing', async () => {
    await apply([fileControl('gross_sales', { tolerance: { percent: '50' } })]);
    await shop.orders(DATE, []);
    await shop.totals([`${DATE},0.00,`]);
    await close();
    expect(await statuses()).toEqual(['matched']);
    await sell(DATE, '0.01');
    await close();
    expect(await statuses()).toEqual(['difference']);
  });

  test('small differences are allowed each day, and not what they sum to over the month, by slice as well', async () => {
    const tolerance = { absolute: '1.00', monthAbsolute: '1.50' };
    await apply([
      fileControl('gross_sales', { tolerance }),
      fileControl('gross_sales', { tolerance, slice: 'desk' }, { sliceField: 'by' }, 'by-desk'),
    ]);
    for (const day of ['2026-03-10', '2026-03-11']) {
      await sell(day, '10.00');
    }
    await shop.totals(['2026-03-10,9.10,', '2026-03-11,9.10,']);
    await shop.totals(['2026-03-10,9.10,', '2026-03-11,9.10,'], 'by-desk');
    expect((await close('2026-03-10')).status).toBe('published');
    expect((await close('2026-03-11')).status).toBe('waiting');
    expect(await statuses()).toEqual(['matched', 'matched', 'difference', 'difference']);
    await sell('2026-04-01', '10.00');
    await shop.totals(['2026-04-01,9.10,']);
    await shop.totals(['2026-04-01,9.10,'], 'by-desk');
    expect((await close('2026-04-01')).status).toBe('published');
  });

  test('a total that is restated, or no longer stated, is a new row and lapses what was compared with it', async () => {
    await apply([fileControl('gross_sales')]);
    await sell(DATE, '10.00');
    await shop.totals([`${DATE},10.00,`]);
    expect((await close()).status).toBe('published');
    await shop.totals([`${DATE},11.00,`]);
    expect((await close()).status).toBe('waiting');
    await shop.totals(['2026-03-09,1.00,']);
    expect((await close()).status).toBe('published');
    const { rows } = await sql<{ value: string | null }>`
      select (value_micros / 1000000)::text as value from source_total where client_id = ${clientId} order by source_total_id`.execute(
      bench.db,
    );
    expect(rows.map((row) => row.value)).toEqual(['10', '11', null]);
    const lapsed = await sql<{ state: string; lapse_reason: string | null }>`
      select state, lapse_reason from certificate where client_id = ${clientId} and metric = 'gross_sales'
      order by certificate_id`.execute(bench.db);
    expect(lapsed.rows).toEqual([
      { state: 'reconciled', lapse_reason: 'the total of platform changed' },
      { state: 'unreconciled', lapse_reason: null },
    ]);
  });

  test('a total computed from the same source proves nothing', async () => {
    await apply([fileControl('gross_sales', { evidence: 'same_source' })]);
    await sell(DATE, '10.00');
    await shop.totals([`${DATE},10.00,`]);
    expect((await close()).status).toBe('published');
    expect(await statuses()).toEqual(['not_reconciled']);
  });

  test('every store is compared with its own total, and the client with one that names no store', async () => {
    const stores = [
      { id: 'us', name: 'US' },
      { id: 'outlet', name: 'Outlet' },
    ];
    const sources = [orderSource('us-shop', { store: 'us' }), orderSource('outlet-shop', { store: 'outlet' })];
    await apply([fileControl('gross_sales', {}, { storeField: 'by' }), fileControl('orders', {}, {}, 'counted')], {
      stores,
      sources,
    });
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '10.00' }], 'us-shop');
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '20.00' }], 'outlet-shop');
    await shop.totals([`${DATE},10.00,us`, `${DATE},21.00,outlet`]);
    await shop.totals([`${DATE},2,`], 'counted');
    await close();
    const { rows } = await sql<{ control_id: string; store_id: string; status: string }>`
      select control_id, store_id, status from control_result where client_id = ${clientId} order by 1, 2`.execute(
      bench.db,
    );
    expect(rows).toEqual([
      { control_id: 'counted', store_id: '', status: 'matched' },
      { control_id: 'platform', store_id: 'outlet', status: 'difference' },
      { control_id: 'platform', store_id: 'us', status: 'matched' },
    ]);
  });
});
