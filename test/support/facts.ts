import { compileIdentity } from '../../domain/identity.ts';
import { computedMetrics } from '../../domain/metrics/catalog.ts';
import { computeMetrics, type Facts, factKey } from '../../domain/metrics/compute.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import type { DraftEntry } from '../../domain/normalize/entry.ts';
import { compileTransform } from '../../domain/normalize/normalize.ts';
import { slotName } from '../../domain/slot.ts';
import { checkOperatingModel } from '../../infra/operating-model/check.ts';
import { transformRule } from '../../infra/postgres/model.ts';
import { compileRecordSchema } from '../../schemas/ajv.ts';
import type { OperatingModel, Source } from '../../schemas/operating-model.ts';

const BASE = '/golden/model.yaml';

/** A document that leans on no other, checked and complete. Throws its problems. */
export function modelOf(text: string): OperatingModel {
  const checked = checkOperatingModel({ [BASE]: text }, BASE, { date: '2026-01-01' });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems, null, 1));
  return checked.model;
}

type Row = Readonly<Record<string, unknown>>;
const rowsOf = (text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

type Transform = ReturnType<typeof compileTransform>;
const transforms = new WeakMap<Source, Transform>();

/** Compiling a schema costs more than reading a small file by it. */
function transformOf(model: OperatingModel, source: Source): Transform {
  const rule = transformRule(model, source);
  const transform = transforms.get(source) ?? compileTransform(rule, compileRecordSchema(rule.schema));
  transforms.set(source, transform);
  return transform;
}

/** The records of a source by their keys, the last of each, over the files of all days. */
function standingRecords(model: OperatingModel, source: Source, files: ReadonlyMap<string, string>): Map<string, Row> {
  const rule = transformRule(model, source);
  const standing = new Map<string, Row>();
  for (const [date, text] of [...files].sort()) {
    const slot = slotName(source.options.location, date);
    const identify = compileIdentity(source.mapping, { slot, slotDate: date, zones: rule.zones, cutOff: rule.cutOff });
    for (const [at, row] of rowsOf(text).entries()) standing.set(identify(row, at + 1).key, row);
  }
  return standing;
}

/** What files mean by the rules of the domain alone. Throws for a record that would be quarantined. */
export function entriesOf(
  model: OperatingModel,
  files: Readonly<Record<string, Readonly<Record<string, string>>>>,
): DraftEntry[] {
  return model.sources.flatMap((source) => {
    const transform = transformOf(model, source);
    const texts = Object.entries(files).flatMap(([date, named]) => {
      const text = named[slotName(source.options.location, date)];
      return text === undefined ? [] : [[date, text] as const];
    });
    return [...standingRecords(model, source, new Map(texts)).values()].flatMap((row) => {
      const record = transform(row);
      if (record.kind === 'quarantine') throw new Error(JSON.stringify(record.errors));
      return [...record.entries];
    });
  });
}

const sold = (entries: readonly DraftEntry[]): Set<string | null> =>
  new Set(entries.filter((one) => one.kind === 'gross_sales').map((one) => one.orderId));

function factsOf(entries: readonly DraftEntry[], date: string): Facts {
  const ofDay = entries.filter((one) => one.businessDate === date);
  const earlier = sold(entries.filter((one) => one.businessDate < date));
  const sums = new Map<string, bigint>();
  for (const { book, kind, amountMicros } of ofDay)
    sums.set(factKey(book, kind), (sums.get(factKey(book, kind)) ?? 0n) + amountMicros);
  const orders = [...sold(ofDay)];
  const placed = orders.filter((one) => !earlier.has(one));
  return {
    sums,
    entries: new Map(),
    ordersPlaced: BigInt(placed.length),
    ordersInReport: BigInt(orders.length),
    customers: 0n,
    newCustomers: 0n,
  };
}

/** A value as it is published: money to the cent, a count without decimals. */
export function published(valueMicros: bigint | null, currency: string | null, unit: string): string | null {
  if (valueMicros === null) return null;
  if (currency !== null) return formatMicros(valueMicros, 2);
  return unit === 'count' ? formatMicros(valueMicros, 0) : formatExact(valueMicros);
}

/** A day's metrics from entries, as they would be published. */
export function metricsOfDay(
  model: OperatingModel,
  entries: readonly DraftEntry[],
  date: string,
): Record<string, string | null> {
  const values = computeMetrics(computedMetrics(model), factsOf(entries, date), model.client.currency);
  return Object.fromEntries(
    values.map(({ metric, valueMicros, currency }) => [metric.id, published(valueMicros, currency, metric.unit)]),
  );
}
