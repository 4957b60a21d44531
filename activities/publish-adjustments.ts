import { owedAdjustment } from '../domain/period/adjust.ts';
import { isAdditive } from '../domain/period/over-days.ts';
import { isLocked } from '../domain/period/table.ts';
import { type Group, groupOf, keyOf } from '../domain/publish/sort.ts';
import type { NumberKey, Withheld } from '../domain/publish/withhold.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import {
  type AdjustedSum,
  type AdjustmentReason,
  adjustedSums,
  firstOpenAfter,
  insertAdjustments,
  type NewAdjustment,
} from '../infra/postgres/period/adjustments.ts';
import { lockedGroups } from '../infra/postgres/period/numbers.ts';
import { carriesFix } from '../infra/postgres/publish/changes.ts';
import type { LatestNumber } from '../infra/postgres/publish/numbers.ts';
import type { PublishingDay } from './publish-day.ts';
import { type NumberChange, reasonsOf, type Sorted } from './publish-reasons.ts';

const MONTH_LOCKED: Withheld = { reason: 'month_locked', finding: null };

/** What a locked month has no number of is not published into it: nothing is, and the day says which. */
export function standLocked(day: PublishingDay, sorted: Sorted): Sorted {
  if (!isLocked(day.period.state) || sorted.fresh.length === 0) return sorted;
  const fresh = sorted.fresh.filter((one) => one.dimension === '');
  const missing = new Set(fresh.map(groupOf));
  return {
    ...sorted,
    withheld: new Map([...sorted.withheld, ...fresh.map((one) => [one, MONTH_LOCKED] as const)]),
    open: sorted.open.filter((one) => !missing.has(groupOf(one))),
    fresh: [],
  };
}

/** What adjustments are judged by: what the day says, what is published of it now, and what was posted about it. */
type Books = {
  now: ReadonlyMap<string, StoredValue>;
  published: ReadonlyMap<string, bigint | null>;
  before: ReadonlyMap<string, LatestNumber>;
  adjusted: ReadonlyMap<string, AdjustedSum>;
  /** What a finding holds back says nothing now, and owes nothing. */
  withheld: ReadonlySet<string>;
};

const micros = (value: bigint | null | undefined): bigint => value ?? 0n;

/** The numbers that may owe something: all of a day that were or are anything. */
function keysOf({ now, before, adjusted, withheld }: Books): NumberKey[] {
  const all = [...now.values(), ...before.values(), ...adjusted.values()];
  return [...new Map(all.map((one) => [keyOf(one), one])).values()].filter((one) => !withheld.has(keyOf(one)));
}

/** The groups that follow the ledger now: additive, not withheld, and not waiting for a person. */
async function followingGroups(tx: Tx, day: PublishingDay, sorted: Sorted, held: readonly Group[]) {
  const { key, period, catalog } = day;
  const waiting = new Set(held.map(groupOf));
  const fresh = new Set(sorted.fresh.filter((one) => one.dimension === '').map(groupOf));
  const known = isLocked(period.state) ? await lockedGroups(tx, key.clientId, period.month, period.locks) : fresh;
  const follows = (one: StoredValue): boolean => {
    const metric = catalog.get(one.metric);
    const group = groupOf(one);
    return metric !== undefined && isAdditive(metric) && !waiting.has(group) && (!fresh.has(group) || known.has(group));
  };
  return new Set(sorted.open.filter(follows).map(groupOf));
}

function owedOf(books: Books, groups: ReadonlySet<string>): { key: NumberKey; amountMicros: bigint }[] {
  return keysOf(books)
    .filter((key) => groups.has(groupOf(key)))
    .map((key) => {
      const id = keyOf(key);
      const amountMicros = owedAdjustment({
        nowMicros: micros(books.now.get(id)?.valueMicros),
        publishedMicros: micros(books.published.get(id)),
        adjustedMicros: micros(books.adjusted.get(id)?.micros),
      });
      return { key, amountMicros };
    })
    .filter((one) => one.amountMicros !== 0n);
}

/** Why numbers of a locked month would say something else: what is told of a total holds for its slices. */
async function adjustmentReasons(tx: Tx, day: PublishingDay, { before, now }: Books) {
  if (!isLocked(day.period.state)) return (): AdjustmentReason => 'reopened';
  const totals = [...before.values()].filter((one) => one.dimension === '');
  const changes = new Map<string, NumberChange>(
    totals.map((one) => [groupOf(one), { before: one, value: now.get(keyOf(one)) ?? null }]),
  );
  const reasonOf = await reasonsOf(tx, day, [...changes.values()], await carriesFix(tx, day.key));
  return (key: Group): AdjustmentReason => {
    const change = changes.get(groupOf(key));
    return change ? reasonOf(change) : 'late_arrival';
  };
}

function booksOf(
  day: PublishingDay,
  sorted: Sorted,
  versions: readonly StoredValue[],
  adjusted: readonly AdjustedSum[],
): Books {
  return {
    now: new Map(day.values.map((one) => [keyOf(one), one])),
    before: new Map(day.published.map((one) => [keyOf(one), one])),
    published: new Map([...day.published, ...versions].map((one) => [keyOf(one), one.valueMicros])),
    adjusted: new Map(adjusted.map((one) => [keyOf(one), one])),
    withheld: new Set([...sorted.withheld.keys()].map(keyOf)),
  };
}

/** What was posted, as the audit trail tells it. */
export type PostedAdjustments = { month: string; metrics: readonly string[] };

/**
 * Posts what a day owes to the first open month after its own: what came after its month was locked, or what is to be
 * taken back since it was reopened. The same inputs again owe nothing.
 * @param sorted the day's numbers as they were found, whatever a locked month takes of them
 * @param versions what the attempt publishes
 */
export async function postAdjustments(
  tx: Tx,
  day: PublishingDay,
  sorted: Sorted,
  held: readonly Group[],
  versions: readonly StoredValue[],
): Promise<PostedAdjustments | null> {
  const { key, period, inputs } = day;
  const adjusted = await adjustedSums(tx, key.clientId, key.businessDate);
  if (!isLocked(period.state) && adjusted.length === 0) return null;
  const books = booksOf(day, sorted, versions, adjusted);
  const owed = owedOf(books, await followingGroups(tx, day, sorted, held));
  if (owed.length === 0) return null;
  const reasonOf = await adjustmentReasons(tx, day, books);
  const rows = owed.map(({ key: number, amountMicros }): NewAdjustment => {
    const told =
      books.now.get(keyOf(number)) ??
      books.before.get(keyOf(number)) ??
      day.values.find((one) => groupOf(one) === groupOf(number))!;
    const { storeId, metric, dimension, member } = number;
    const { definition, currency } = told;
    return { storeId, metric, dimension, member, definition, currency, amountMicros, reason: reasonOf(number) };
  });
  const month = await firstOpenAfter(tx, key.clientId, period.month);
  await insertAdjustments(tx, key, month, inputs.hash, rows);
  return { month, metrics: [...new Set(rows.map((one) => one.metric))].sort() };
}
