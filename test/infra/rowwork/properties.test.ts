import fc from 'fast-check';
import { formatMicros } from '../../../domain/money.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { openLedger, type SmallLedger } from '../../support/small-ledger.ts';

const DATES = ['2026-03-07', '2026-03-08', '2026-03-09'];
const RUNS = 8;

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

const cents = fc.integer({ min: 1, max: 10_000_000 }).map((n) => (n / 100).toFixed(2));
const instant = fc
  .integer({ min: Date.parse('2026-03-07T05:00:00Z'), max: Date.parse('2026-03-10T03:59:59Z') })
  .map((ms) => new Date(ms).toISOString());
/** One version of an order; versions of one id are numbered, so that their order is no accident. */
const event = fc.record({
  id: fc.integer({ min: 1, max: 12 }).map((n) => `A${n}`),
  revision: fc.integer({ min: 1, max: 4 }),
  at: instant,
  amount: cents,
  discount: cents,
  by: fc.constantFrom('cpc', 'email', ''),
  refunds: fc.array(fc.record({ at: instant, amount: cents }), { maxLength: 2 }),
});
const events = fc.uniqueArray(event, { selector: (one) => `${one.id}/${one.revision}`, minLength: 1, maxLength: 20 });
/** The same events spread over files and repeated in any order, and the order in which files come in. */
const delivery = events.chain((all) =>
  fc.record({
    all: fc.constant(all),
    files: fc.tuple(...DATES.map(() => fc.shuffledSubarray([...all, ...all], { minLength: 0 }))),
    rest: fc.shuffledSubarray(all, { minLength: all.length }),
    order: fc.shuffledSubarray(DATES, { minLength: DATES.length }),
    normalizeOrder: fc.shuffledSubarray(DATES, { minLength: DATES.length }),
  }),
);

const mapping = ['utm: { source: by, medium: by }'];
const openVersioned = () => openLedger(pipeline, { versionField: 'revision', mapping });

async function numbers(ledger: SmallLedger): Promise<string[]> {
  const all: string[] = [];
  for (const date of DATES)
    for (const { metric, dimension, member, valueMicros } of await pipeline.values(ledger.client, date))
      all.push(
        `${date} ${metric} ${dimension}=${member}: ${valueMicros === null ? '-' : formatMicros(valueMicros, 2)}`,
      );
  return all.sort();
}

const standing = async (ledger: SmallLedger) => (await ledger.content()).standing;

describe('the ledger of any events', () => {
  test('is the same whatever file they came in, how often, and in which order files were captured and normalized', async () => {
    await fc.assert(
      fc.asyncProperty(delivery, async ({ all, files, rest, order, normalizeOrder }) => {
        const [spread, plain] = [await openVersioned(), await openVersioned()];
        for (const date of order) {
          const at = DATES.indexOf(date);
          await spread.deliver(at === 0 ? [...files[0]!, ...rest] : files[at]!, date);
          await spread.capture(date);
        }
        for (const date of normalizeOrder) await pipeline.normalize(spread.client, date);
        await plain.deliver(all, DATES[0]);
        await plain.run(DATES[0]);
        expect(await standing(spread)).toEqual(await standing(plain));
        expect(await numbers(spread)).toEqual(await numbers(plain));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  test('has slices that sum to their total, and net sales that are the sum of their parts in every slice', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const ledger = await openVersioned();
        await ledger.deliver(all, DATES[0]);
        await ledger.run(DATES[0]);
        for (const date of DATES) {
          const values = await pipeline.values(ledger.client, date);
          const of = (metric: string, dimension: string, member?: string) =>
            values
              .filter(
                (one) => one.metric === metric && one.dimension === dimension && (member ?? one.member) === one.member,
              )
              .reduce((sum, one) => sum + (one.valueMicros ?? 0n), 0n);
          for (const metric of ['gross_sales', 'discounts', 'sales_reversals', 'net_sales', 'orders_in_report'])
            expect([metric, of(metric, 'channel')]).toEqual([metric, of(metric, '')]);
          for (const { member } of values.filter((one) => one.dimension === 'channel' && one.metric === 'net_sales'))
            expect(of('net_sales', 'channel', member)).toBe(
              ['gross_sales', 'discounts', 'sales_reversals'].reduce((sum, id) => sum + of(id, 'channel', member), 0n),
            );
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
