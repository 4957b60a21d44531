import type { DayStatus } from '../../domain/close.ts';
import { isCurrency } from '../../domain/currency.ts';
import { valueText } from '../../domain/metrics/print-value.ts';
import { reasonWords } from '../../domain/publish/reason-words.ts';
import type { ReportMaterial } from './material.ts';
import { reportVersion } from './version.ts';

/** A value as it is shown everywhere; under what is no currency it stands exact, and the check tells of that. */
function shownValue({ catalog }: ReportMaterial, one: ReportMaterial['numbers'][number]): string | null {
  const currency = one.currency !== null && isCurrency(one.currency) ? one.currency : null;
  return valueText(one.value_micros, currency, { catalog, id: one.metric });
}

/**
 * What a report says, as data: it is held against the contract with its receivers before anything is rendered. Built
 * from what is stored and not yet checked, so it has no type but that of its check.
 */
export function payloadOf(material: ReportMaterial, status: DayStatus): { version: string; payload: unknown } {
  const { model, date, numbers, withheld } = material;
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
      value: shownValue(material, one),
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
