import fc from 'fast-check';
import { sql } from 'kysely';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import type { SmallShop } from '../support/small-shop.ts';
import {
  acceptAll,
  closeDay,
  DAYS,
  night,
  openToldShop,
  type Step,
  type ToldShop,
  take,
} from '../support/told-shop.ts';

const AFTER = '2026-03-20';

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
let runs = 0;
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const small = fc.nat({ max: 8 });
const cents = fc.integer({ min: 1, max: 9_999 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('sell' as const), day: small, of: small, cents, desk: small }),
  fc.record({ do: fc.constant('change' as const), day: small, order: small, cents }),
  fc.record({ do: fc.constant('drop' as const), day: small, order: small }),
  fc.record({ do: fc.constantFrom('close' as const, 'revise' as const), day: small }),
  fc.record({ do: fc.constant('decide' as const), approve: fc.boolean() }),
  fc.record({ do: fc.constant('night' as const) }),
);

/** Brings everything to rest: every file captured, every question answered, every night over. */
async function settle(one: ToldShop): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    for (const day of DAYS) await closeDay(one, day, 'manual');
    await acceptAll(one);
    // What was kept against its files is published as they say it.
    for (const day of DAYS) await closeDay(one, day, 'revise');
    await night(one);
  }
  await shop.orders(AFTER, [{ id: 'after', at: `${AFTER}T16:00:00Z`, amount: '1.00' }]);
  await closeDay(one, AFTER, 'schedule');
  await night(one);
}

/** What the files say that was sold on each day, in cents. */
function soldByDay({ files }: ToldShop): Map<string, number> {
  const sold = new Map<string, number>(DAYS.map((day) => [day, 0]));
  for (const { at, amount } of [...files.values()].flat()) {
    const day = at.slice(0, 10);
    sold.set(day, sold.get(day)! + Math.round(Number(amount) * 100));
  }
  return sold;
}

async function publishedByDay(client: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; cents: number }>`
    select distinct on (business_date) business_date as day, (value_micros / 10000)::int as cents from published_number
    where client_id = ${client} and metric = 'gross_sales' and dimension = '' and business_date = any(${[...DAYS]}::date[])
    order by business_date, version desc`.execute(bench.db);
  return new Map(rows.map((row) => [row.day, row.cents]));
}

/** Numbers of which the reader was told last something else than is published, or nothing beside their total. */
async function toldOtherwise(client: string): Promise<unknown[]> {
  const { rows } = await sql`
    with told as (
      select distinct on (n.business_date, n.metric, n.dimension, n.member) n.* from delivery_number n join delivery k using (delivery_id)
      where n.client_id = ${client} and k.status = 'sent'
      order by n.business_date, n.metric, n.dimension, n.member, k.sent_at desc, k.delivery_id desc
    )
    select t.business_date, t.metric, t.dimension, t.member, t.version as told, now.version
    from (
      select business_date, metric, store_id, dimension, member, version, client_id from told
      union all
      select distinct t.business_date, t.metric, t.store_id, p.dimension, p.member, 0, t.client_id from told t
      join published_number p using (client_id, business_date, metric, store_id)
      where t.dimension = '' and p.metric = 'net_sales' and p.dimension <> '' and not exists (select from told o
        where (o.business_date, o.metric, o.dimension, o.member) = (t.business_date, t.metric, p.dimension, p.member))
    ) t
    left join published_number was using (client_id, business_date, metric, store_id, dimension, member, version)
    join lateral (select version, value_micros from published_number p
      where (p.client_id, p.business_date, p.metric, p.store_id, p.dimension, p.member)
        = (t.client_id, t.business_date, t.metric, t.store_id, t.dimension, t.member)
      order by version desc limit 1) now on coalesce(now.value_micros, 0) <> coalesce(was.value_micros, 0)`.execute(
    bench.db,
  );
  return rows;
}

test.each([
  ['final', false],
  ['provisional', true],
] as const)(
  'whatever happens to %s numbers: in the end they are what the files say, and a reader was told last what they are',
  async (_, provisional) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 20 }), async (steps) => {
        runs += 1;
        const one = await openToldShop(bench, shop, `${clientId}-${runs}`, provisional);
        for (const day of DAYS)
          await take(one, { do: 'sell', day: DAYS.indexOf(day), of: DAYS.indexOf(day), cents: 5_000, desk: 0 });
        for (const day of DAYS) await closeDay(one, day, 'schedule');
        for (const happens of steps) await take(one, happens);
        await settle(one);
        expect(await publishedByDay(one.clientId)).toEqual(soldByDay(one));
        expect(await toldOtherwise(one.clientId)).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  },
  180_000,
);
