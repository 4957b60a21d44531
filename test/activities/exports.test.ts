import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';
const noon = (date: string) => `${date}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const mail = { id: 'mail', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' };
const daily = { id: 'csv', kind: 'export', format: 'csv', by: 'day', location: 'out/{date}.csv', mode: 'live' };
const monthly = { ...daily, id: 'lines', format: 'ndjson', by: 'month', location: 'out/{month}.ndjson' };

const apply = (...destinations: object[]) =>
  bench.apply(
    shop.document({
      client: { id: clientId },
      // Provisional for as long as can be: what changes is revised by itself.
      sources: [orderSource('shop', { settlingDays: 400 })],
      report: {
        metrics: ['net_sales', 'orders', 'average_order_value'],
        slices: ['desk'],
        destinations: [mail, ...destinations],
      },
    }),
  );
const sell = (date: string, ...amounts: string[]) =>
  shop.orders(
    date,
    amounts.map((amount, index) => ({ id: `${index}`, at: noon(date), amount, channel: index % 2 ? 'ph,one' : 'web' })),
  );
const close = (businessDate = DATE) => bench.close({ clientId, businessDate });
const out = (name: string) => join(shop.folder, 'out', name);
const text = (name: string) => readFile(out(name), 'utf8');
const lines = async (name: string) => parse(await text(name), { columns: true }) as Record<string, string>[];

async function handoff(subject: string) {
  const { rows } = await sql<{ state: string; acknowledged_by: string | null; exception_id: string | null }>`
    select state, acknowledged_by, exception_id from handoff
    where client_id = ${clientId} and kind = 'destination' and subject = ${subject}`.execute(bench.db);
  return rows[0];
}

async function openException(id: string | null | undefined) {
  const { rows } = await sql<{ state: string; message: string }>`
    select state, message from exception where exception_id = ${id ?? ''}`.execute(bench.db);
  return rows[0];
}

/** What is published, as a file should hold it. */
async function published() {
  const { rows } = await sql<Record<string, string>>`
    select distinct on (metric, dimension, member) metric, dimension, member, version::text,
      trim_scale(value_micros * 0.000001)::float8 as value
    from published_number where client_id = ${clientId} and business_date = ${DATE}
    order by metric, dimension, member, version desc`.execute(bench.db);
  return rows.map((row) => JSON.stringify(Object.values({ ...row, value: Number(row.value) }))).sort();
}

describe('an export', () => {
  test('holds every number that is published of a day, and is handed over by its content', async () => {
    await apply(daily);
    await sell(DATE, '10.00', '-2.50', '7.30');
    await close();
    const held = (await lines(`${DATE}.csv`)).map((one) => [
      one.metric,
      one.dimension,
      one.member,
      one.version,
      Number(one.value),
    ]);
    expect(held.map((one) => JSON.stringify(one)).sort()).toEqual(await published());
    const net = (await lines(`${DATE}.csv`)).find((one) => one.metric === 'net_sales' && one.dimension === '')!;
    expect(net).toMatchObject({ client: clientId, store: clientId, value: '14.80', currency: 'USD', reason: '' });
    const sha256 = createHash('sha256')
      .update(await text(`${DATE}.csv`))
      .digest('hex');
    expect(await handoff('nightly/csv')).toEqual({
      state: 'acknowledged',
      acknowledged_by: `sha256:${sha256}`,
      exception_id: null,
    });
    expect((await stat(out(`${DATE}.csv`))).mode & 0o777).toBe(0o644);
    expect(await readdir(join(shop.folder, 'out'))).toEqual([`${DATE}.csv`]);
  });

  test('is the same bytes for the same versions, and is written anew where a number is revised', async () => {
    await apply(daily);
    await sell(DATE, '10.00');
    await close();
    const first = await text(`${DATE}.csv`);
    await rm(out(`${DATE}.csv`));
    await sell(DATE, '10.001');
    await close();
    expect(await text(`${DATE}.csv`)).toBe(first);
    await sell(DATE, '12.00');
    await close();
    const net = (await lines(`${DATE}.csv`)).find((one) => one.metric === 'net_sales' && one.dimension === '');
    expect(net).toMatchObject({ value: '12.00', version: '2', reason: 'source_revised' });
  });

  test('of a month has the days of the month, one object a line with exact values as text', async () => {
    await apply(monthly);
    await sell(DATE, '10.00');
    await close();
    await sell(NEXT, '0.10');
    await close(NEXT);
    const all = (await text('2026-03.ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const net = all.filter((one) => one.metric === 'net_sales' && one.dimension === '');
    expect(net.map((one) => [one.business_date, one.value])).toEqual([
      [DATE, '10.00'],
      [NEXT, '0.10'],
    ]);
    expect(Object.keys(all[0]!)[0]).toBe('client');
  });

  test('in shadow writes nothing and owes nothing', async () => {
    await apply({ ...daily, mode: 'shadow' });
    await sell(DATE, '10.00');
    await close();
    await expect(readdir(join(shop.folder, 'out'))).rejects.toThrow('ENOENT');
    expect(await handoff('nightly/csv')).toBeUndefined();
  });
});

describe('an export that may not be written', () => {
  const blocked = async (message: RegExp) => {
    await sell(DATE, '10.00');
    const mails = bench.mailbox.mails.length;
    expect((await close()).status).toBe('published');
    expect(bench.mailbox.mails.length).toBe(mails + 1);
    const { state, exception_id } = (await handoff('nightly/csv'))!;
    expect(state).toBe('missed');
    expect(await openException(exception_id)).toMatchObject({
      state: 'healing',
      message: expect.stringMatching(message),
    });
    return exception_id;
  };

  test('because something is there that no export wrote, leaves it alone, and is over when it is written', async () => {
    await apply(daily);
    await mkdir(join(shop.folder, 'out'));
    await writeFile(out(`${DATE}.csv`), 'mine');
    const exception = await blocked(/no export has written it/);
    expect(await text(`${DATE}.csv`)).toBe('mine');
    await rm(out(`${DATE}.csv`));
    await close();
    expect((await openException(exception))?.state).toBe('resolved');
    expect((await handoff('nightly/csv'))?.state).toBe('acknowledged');
  });

  test('because a file system makes no folders', async () => {
    await apply({ ...daily, location: '/proc/meshline/{date}.csv' });
    await blocked(/makes no folders/);
  });

  test('because its name is a link or a folder', async () => {
    await apply(daily);
    await mkdir(join(shop.folder, 'out'));
    const elsewhere = join(shop.folder, 'elsewhere');
    await symlink(elsewhere, out(`${DATE}.csv`));
    await blocked(/is no regular file/);
    await expect(stat(elsewhere)).rejects.toThrow('ENOENT');
  });

  test('because a folder of its path leads out of the roots', async () => {
    await apply(daily);
    const outside = join(shop.folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(shop.folder, 'out'));
    const roots = [shop.folder, `!${outside}`];
    const own = createActivities({ ...bench.deps, files: { ...bench.deps.files, roots } });
    const deliver = bench.activities.deliverReport;
    bench.activities.deliverReport = own.deliverReport;
    await blocked(/lies outside the allowed file roots/).finally(() => {
      bench.activities.deliverReport = deliver;
    });
    expect(await readdir(outside)).toEqual([]);
  });

  test('because another destination writes the same file by another name for its folder', async () => {
    await mkdir(join(shop.folder, 'out'));
    await symlink(join(shop.folder, 'out'), join(shop.folder, 'also'));
    await apply({ ...daily, id: 'first' }, { ...daily, location: 'also/{date}.csv' });
    await blocked(/is written by another destination/);
    expect((await handoff('nightly/first'))?.state).toBe('acknowledged');
  });
});
