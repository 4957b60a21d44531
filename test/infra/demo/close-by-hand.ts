import { compileIdentity } from '../../../domain/identity.ts';
import { computedMetrics } from '../../../domain/metrics/catalog.ts';
import { computeMetrics, type Facts, factKey } from '../../../domain/metrics/compute.ts';
import type { DraftEntry } from '../../../domain/normalize/entry.ts';
import { compileTransform } from '../../../domain/normalize/normalize.ts';
import { slotName } from '../../../domain/slot.ts';
import { transformRule } from '../../../infra/postgres/model.ts';
import { locateFile, slotPath } from '../../../infra/sources/file/locate.ts';
import { readRecords } from '../../../infra/sources/file/read.ts';
import { compileRecordSchema } from '../../../schemas/ajv.ts';
import type { OperatingModel, Source } from '../../../schemas/operating-model.ts';

/** One source and day, read and mapped by the rules of the domain alone, without a database. */
export type SourceDay = {
  records: number;
  duplicates: number;
  quarantined: number;
  skipped: number;
  entries: DraftEntry[];
};

export async function readSourceDay(model: OperatingModel, source: Source, date: string): Promise<SourceDay> {
  const path = await locateFile(slotPath(source.options.location, date), ['/']);
  if (!path) throw new Error(`${source.options.location} of ${date} is not there`);
  const rule = transformRule(model, source);
  const identify = compileIdentity(source.mapping, {
    slot: slotName(source.options.location, date),
    slotDate: date,
    zones: rule.zones,
    cutOff: rule.cutOff,
  });
  const transform = compileTransform(rule, compileRecordSchema(rule.schema));
  const day: SourceDay = { records: 0, duplicates: 0, quarantined: 0, skipped: 0, entries: [] };
  const seen = new Set<string>();
  const format = { ...source.options, requiredColumns: [], maximumRecordBytes: 1 << 20 };
  for await (const { records } of readRecords(path, format))
    for (const record of records) {
      day.records += 1;
      const outcome = record.row ? transform(record.row) : null;
      if (record.row && outcome?.kind === 'entries') {
        if (outcome.entries.length === 0) day.skipped += 1;
        const { key } = identify(record.row, record.line);
        if (seen.has(key)) day.duplicates += 1;
        else day.entries.push(...outcome.entries);
        seen.add(key);
      } else day.quarantined += 1;
    }
  return day;
}

function factsOf(entries: readonly DraftEntry[]): Facts {
  const sums = new Map<string, bigint>();
  for (const { book, kind, amountMicros } of entries)
    sums.set(factKey(book, kind), (sums.get(factKey(book, kind)) ?? 0n) + amountMicros);
  const sold = entries.filter((entry) => entry.kind === 'gross_sales');
  const orders = BigInt(new Set(sold.map((entry) => entry.orderId)).size);
  return { sums, entries: new Map(), ordersPlaced: orders, ordersInReport: orders, customers: 0n, newCustomers: 0n };
}

/** A store's metrics of a day, in micros by metric. */
export async function closeStore(
  model: OperatingModel,
  storeId: string,
  date: string,
): Promise<Map<string, bigint | null>> {
  const entries: DraftEntry[] = [];
  for (const source of model.sources.filter((one) => one.store === storeId))
    entries.push(...(await readSourceDay(model, source, date)).entries);
  const stray = entries.filter((entry) => entry.businessDate !== date);
  if (stray.length > 0) throw new Error(`${stray.length} entries of ${storeId} belong to other days than ${date}`);
  const currency = model.stores.find((store) => store.id === storeId)!.currency;
  const values = computeMetrics(computedMetrics(model), factsOf(entries), currency);
  return new Map(values.map(({ metric, valueMicros }) => [metric.id, valueMicros]));
}
