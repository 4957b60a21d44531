import { minorDigits } from '../../../domain/currency.ts';
import { measureOf } from '../../../domain/metrics/measure.ts';
import { formatExact, roundMicros } from '../../../domain/money.ts';
import { converter } from '../../../domain/rates.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { recordChanges } from '../../../infra/postgres/read/changes/records.ts';
import type { ChangedRecord, ChangedSum, RecordChanges } from '../../../infra/postgres/read/changes/span.ts';
import type { NumberKey } from '../../../infra/postgres/read/explain.ts';
import { valuesAsOf } from '../../../infra/postgres/read/versions.ts';
import type { ExplainedVersion } from '../../../schemas/api/explain-versions.ts';
import { valueText } from './amounts.ts';
import type { ReadVersion } from './versions.ts';

type Change = NonNullable<ExplainedVersion['change']>;
type Records = NonNullable<Change['records']>;
type Pair = { key: NumberKey; before: ReadVersion; after: ReadVersion };

/** Exact, so that shares sum up: only the number itself is rounded. */
function exactText({ key, after }: Pair, micros: bigint | null): string | null {
  const { currency, catalog } = after;
  if (micros === null) return null;
  const isPublished = currency === null || roundMicros(micros, minorDigits(currency)) === micros;
  return isPublished ? valueText(micros, currency, { catalog, id: key.metric }) : formatExact(micros);
}

/** A record's share in the currency of the number: that of its store, or the client's for all stores together. */
function compileShare({ key, after }: Pair): (micros: bigint, storeId: string) => bigint {
  const convert = converter(after.model, key.businessDate);
  return (micros, storeId) => {
    const own = after.model.stores.find((one) => one.id === storeId)?.currency;
    if (key.storeId !== '' || own === undefined || after.currency === null) return micros;
    return convert(micros, own) ?? 0n;
  };
}

const deltaOf = (sums: readonly { delta: bigint }[]): bigint => sums.reduce((all, one) => all + one.delta, 0n);

function recordsDocument(pair: Pair, { records, sums }: RecordChanges, difference: bigint): Records {
  const shareOf = compileShare(pair);
  const text = (micros: bigint) => exactText(pair, micros);
  const converted = sums.map((one) => ({ ...one, delta: shareOf(one.delta, one.store_id) }));
  const counted = (own: readonly ChangedSum[]) => ({
    records: Number(own.reduce((all, one) => all + one.records, 0n)),
    contribution: text(deltaOf(own)),
  });
  const of = (state: ChangedRecord['state']) => counted(converted.filter((one) => one.state === state));
  const list = records.map((one) => ({ one, delta: shareOf(one.after - one.before, one.store_id) }));
  const total = counted(converted);
  const left = difference - deltaOf(converted);
  return {
    new: of('new'),
    changed: of('changed'),
    gone: of('gone'),
    list: list.map(({ one, delta }) => ({
      state: one.state,
      source: one.source_id,
      key: one.business_key,
      file: one.slot,
      line: one.line,
      before: text(shareOf(one.before, one.store_id)),
      after: text(shareOf(one.after, one.store_id)),
      contribution: text(delta),
    })),
    more: { records: total.records - list.length, contribution: text(deltaOf(converted) - deltaOf(list)) },
    rest: left === 0n ? null : { contribution: text(left), why: restWords(pair) },
  };
}

function restWords({ key, after }: Pair): string {
  const { by } = measureOf(after.catalog, key.metric);
  return by === 'orders' || by === 'customers'
    ? 'counted otherwise because of records of other days'
    : 'rounding to the digits of the currency';
}

async function partsOf(db: Db, pair: Pair): Promise<Change['parts']> {
  const { key, before, after } = pair;
  const measure = measureOf(after.catalog, key.metric);
  if (measure.by !== 'parts') return [];
  const [was, is] = [
    await valuesAsOf(db, key, measure.of, before.attempt),
    await valuesAsOf(db, key, measure.of, after.attempt),
  ];
  const text = (values: typeof is, metric: string) => {
    const value = values.get(metric);
    return value ? valueText(value.value_micros, value.currency, { catalog: after.catalog, id: metric }) : null;
  };
  return measure.of.map((metric) => ({ metric, before: text(was, metric), after: text(is, metric) }));
}

function transformsOf({ before, after }: Pair): Change['transforms'] {
  const [was, is] = [before.evidence.transforms, after.evidence.transforms];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((id) => was[id] !== is[id])
    .map((transform) => ({ transform, before: was[transform] ?? null, after: is[transform] ?? null }));
}

const differing = <T>(before: T, after: T): { before: T; after: T } | null =>
  before === after ? null : { before, after };

/** What a version has other than the one before: its value, its records, and what it is made by. */
export async function changeOf(
  db: Db,
  key: NumberKey,
  before: ReadVersion,
  after: ReadVersion,
  withRecords: boolean,
): Promise<Change> {
  const pair = { key, before, after };
  const changes = withRecords ? await recordChanges(db, key, before, after) : null;
  const isBoth = before.value_micros !== null && after.value_micros !== null;
  const difference = isBoth ? after.value_micros! - before.value_micros! : null;
  const value = ({ value_micros, currency, catalog }: ReadVersion) =>
    valueText(value_micros, currency, { catalog, id: key.metric });
  return {
    from: before.version,
    before: value(before),
    after: value(after),
    difference: difference === null ? null : exactText(pair, difference),
    records: changes && recordsDocument(pair, changes, difference ?? 0n),
    parts: await partsOf(db, pair),
    definition: differing(before.definition, after.definition),
    model: differing(before.evidence.modelVersion, after.evidence.modelVersion),
    transforms: transformsOf(pair),
  };
}
