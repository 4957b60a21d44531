import type { DayStatus } from '../../domain/close.ts';
import { printValue } from '../../domain/metrics/print-value.ts';
import { reasonWords } from '../../domain/publish/reason-words.ts';
import type { ReportMaterial } from './material.ts';
import { reportVersion } from './version.ts';

/**
 * What a report says, as data: it is held against the contract with its receivers before anything is rendered. Built
 * from what is stored and not yet checked, so it has no type but that of its check.
 */
export function payloadOf(material: ReportMaterial, status: DayStatus): { version: string; payload: unknown } {
  const { model, catalog, date, numbers, withheld } = material;
  const version = reportVersion(material);
  const payload = {
    client: model.client.id,
    businessDate: date,
    report: model.report.id,
    version,
    status,
    numbers: numbers.map((one) => ({
      metric: one.metric,
      store: one.store_id,
      dimension: one.dimension,
      member: one.member,
      definition: one.definition,
      version: one.version,
      value: printValue(one.value_micros, one.currency, catalog.get(one.metric)?.unit === 'count'),
      currency: one.currency,
      status: one.status,
      finality: one.finality,
      certificate: one.certificate,
    })),
    withheld: withheld.map(({ storeId: store, metric, dimension, member, reason }) => ({
      metric,
      store,
      dimension,
      member,
      reason: reasonWords(reason),
    })),
  };
  return { version, payload };
}
