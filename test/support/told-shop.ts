import { sql } from 'kysely';
import type { BeginsAt, CloseCause } from '../../domain/close.ts';
import type { CloseBench } from './close-day.ts';
import { type Order, orderSource, type SmallShop } from './small-shop.ts';

export const DAYS = ['2026-03-10', '2026-03-11', '2026-03-12'] as const;
type Day = (typeof DAYS)[number];
const DESKS = ['web', 'phone'] as const;

/** Something that happens to a shop and its close; `day` and `order` choose among those that there are. */
export type Step =
  | { do: 'sell'; day: number; of: number; cents: number; desk: number }
  | { do: 'change'; day: number; order: number; cents: number }
  | { do: 'drop'; day: number; order: number }
  | { do: 'close' | 'revise'; day: number }
  | { do: 'decide'; approve: boolean }
  | { do: 'night' };

/** A shop to which things happen, and its files as they are now. */
export type ToldShop = { bench: CloseBench; shop: SmallShop; clientId: string; files: Map<Day, Order[]>; sold: number };

const amount = (cents: number): string => (cents / 100).toFixed(2);
const dayAt = (at: number): Day => DAYS[at % DAYS.length]!;

/** Opens a shop: `provisional` numbers settle for as long as they can, others are final at once. */
export async function openToldShop(bench: CloseBench, shop: SmallShop, clientId: string, provisional: boolean) {
  await bench.apply(
    shop.document({
      client: { id: clientId },
      sources: [orderSource('shop', { settlingDays: provisional ? 400 : 0 })],
      revisions: { metrics: { '*': { tolerance: { absolute: '5.00' } } } },
      report: { slices: ['desk'], metrics: ['gross_sales', 'net_sales', 'orders'] },
    }),
  );
  const files = new Map<Day, Order[]>(DAYS.map((day) => [day, []]));
  return { bench, shop, clientId, files, sold: 0 } satisfies ToldShop;
}

export async function closeDay(one: ToldShop, businessDate: string, cause: CloseCause, beginsAt: BeginsAt = 'capture') {
  await one.bench.close({ clientId: one.clientId, businessDate, cause, beginsAt });
}

async function write({ shop, files }: ToldShop, day: Day): Promise<void> {
  await shop.orders(day, files.get(day)!);
}

async function sell(one: ToldShop, { day, of, cents, desk }: Extract<Step, { do: 'sell' }>): Promise<void> {
  one.sold += 1;
  const order = { id: `o${one.sold}`, at: `${dayAt(of)}T16:00:00Z`, amount: amount(cents), channel: DESKS[desk % 2] };
  one.files.get(dayAt(day))!.push(order);
  await write(one, dayAt(day));
}

async function edit(one: ToldShop, step: Extract<Step, { do: 'change' | 'drop' }>): Promise<void> {
  const orders = one.files.get(dayAt(step.day))!;
  if (orders.length === 0) return;
  const at = step.order % orders.length;
  if (step.do === 'drop') orders.splice(at, 1);
  else orders[at] = { ...orders[at]!, amount: amount(step.cents) };
  await write(one, dayAt(step.day));
}

type Open = { exception_id: string; business_date: string; version: number };

async function openExceptions({ bench, clientId }: ToldShop): Promise<Open[]> {
  const { rows } = await sql<Open>`
    select exception_id, business_date, version from exception
    where client_id = ${clientId} and state not in ('resolved', 'rejected') order by exception_id`.execute(bench.db);
  return rows;
}

let decisions = 0;

async function decide(one: ToldShop, open: Open, verb: 'approve' | 'reject'): Promise<void> {
  const { bench } = one;
  const { exception_id: exceptionId, business_date: day, version: expectedVersion } = open;
  decisions += 1;
  const said = { decisionId: `told-${decisions}`, verb, args: {}, reason: 'seen', actor: 'ada', onBehalfOf: null };
  await bench.run(() => bench.activities.recordDecision({ ...said, exceptionId, expectedVersion, via: 'api' }));
  await closeDay(one, day, 'decision', 'reconcile');
}

/** Accepts whatever waits. */
export async function acceptAll(one: ToldShop): Promise<void> {
  for (const open of await openExceptions(one)) await decide(one, open, 'approve');
}

/** What comes after a night's own day; then the night is over. */
export async function night(one: ToldShop): Promise<void> {
  const { bench, clientId } = one;
  for (const { businessDate, beginsAt } of await bench.run(() => bench.activities.planRevisions(clientId)))
    await closeDay(one, businessDate, 'late_data', beginsAt);
  await bench.run(() => bench.activities.sendCorrections(clientId));
  for (const outbox of bench.outboxes.splice(0)) while (await bench.run(() => bench.activities.sendQueued(outbox)));
  await sql`
    update delivery set business_date = business_date - 1, message_id = 'before' || message_id
    where client_id = ${clientId} and kind = 'correction'`.execute(bench.db);
}

/** Lets something happen. */
export async function take(one: ToldShop, step: Step): Promise<void> {
  if (step.do === 'sell') return sell(one, step);
  if (step.do === 'change' || step.do === 'drop') return edit(one, step);
  if (step.do === 'night') return night(one);
  if (step.do === 'decide') {
    const [open] = await openExceptions(one);
    return open && decide(one, open, step.approve ? 'approve' : 'reject');
  }
  return closeDay(one, dayAt(step.day), step.do === 'close' ? 'manual' : 'revise');
}
