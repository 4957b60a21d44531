import type { Metric } from '../../domain/metrics/definition.ts';
import type { SliceRow, SliceTable } from '../../infra/mail/report/view.ts';
import type { CurrentNumber } from '../../infra/postgres/report/numbers.ts';
import type { ReportMaterial } from './material.ts';
import { currencyAt, type Place } from './places.ts';
import { printValue, sharePercent } from './scale.ts';

/** So many members have a line of their own; the rest of a long dimension is one line. */
const MOST_MEMBERS = 12;

const sumOf = (numbers: readonly CurrentNumber[]): bigint =>
  numbers.reduce((sum, one) => sum + (one.value_micros ?? 0n), 0n);
const larger = (a: CurrentNumber, b: CurrentNumber): number =>
  (b.value_micros ?? 0n) === (a.value_micros ?? 0n) ? 0 : (b.value_micros ?? 0n) > (a.value_micros ?? 0n) ? 1 : -1;

/** The largest members, and the others as one line of what they sum to. */
function memberRows(
  numbers: readonly CurrentNumber[],
  total: bigint | null,
  print: (micros: bigint | null) => string | null,
): SliceRow[] {
  const sorted = [...numbers].sort(larger);
  const shown = sorted.length > MOST_MEMBERS ? sorted.slice(0, MOST_MEMBERS - 1) : sorted;
  const others = sorted.slice(shown.length);
  const row = (member: string, micros: bigint | null, status: SliceRow['status']): SliceRow => ({
    member,
    value: print(micros),
    status,
    sharePercent: sharePercent(micros, total),
  });
  const rows = shown.map((one) => row(one.member, one.value_micros, one.status));
  return others.length === 0 ? rows : [...rows, row(`${others.length} others`, sumOf(others), 'published')];
}

/**
 * A metric of a place by one dimension, the largest member first. Where the members do not sum to the total, and none is
 * withheld, what is left is a line of its own.
 */
export function sliceTable(
  { numbers, withheld }: ReportMaterial,
  place: Place,
  metric: Metric,
  dimension: string,
): SliceTable | null {
  const mine = numbers.filter((one) => one.metric === metric.id && one.store_id === place.storeId);
  const members = mine.filter((one) => one.dimension === dimension);
  const held = withheld.filter(
    (one) =>
      one.metric === metric.id &&
      one.dimension === dimension &&
      one.storeId === place.storeId &&
      !members.some((published) => published.member === one.member),
  );
  if (members.length === 0) return null;
  const total = mine.find((one) => one.dimension === '')?.value_micros ?? null;
  const currency = currencyAt(place, metric);
  const print = (micros: bigint | null) => printValue(micros, currency, metric.unit === 'count');
  const left = total === null || held.length > 0 ? 0n : total - sumOf(members);
  const hidden = held.map(({ member }): SliceRow => ({ member, value: null, status: 'withheld', sharePercent: null }));
  return {
    dimension,
    title: `${metric.title} by ${dimension}`,
    currency,
    rows: [...memberRows(members, total, print), ...hidden],
    residue: left === 0n ? null : print(left),
  };
}
