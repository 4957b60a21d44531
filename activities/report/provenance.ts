import type { Metric } from '../../domain/metrics/definition.ts';
import { formatExact } from '../../domain/money.ts';
import { certificateWords } from '../../domain/publish/certificate-words.ts';
import { sourcesOf } from '../../domain/publish/streams.ts';
import { ratesOn } from '../../domain/rates.ts';
import type { ControlResult } from '../../domain/reconcile.ts';
import { ALL_STORES } from '../../infra/postgres/metrics/slices.ts';
import type { ReportMaterial } from './material.ts';
import type { Place } from './places.ts';

type Control = Omit<ControlResult, 'items'>;

function comparedWith(control: Control): string {
  if (control.status === 'matched')
    return control.differenceMicros === 0n
      ? `equals the total of ${control.controlId}`
      : `within tolerance of ${control.controlId}, difference ${formatExact(control.differenceMicros ?? 0n)}`;
  return control.status === 'difference'
    ? `differs from ${control.controlId} by ${formatExact(control.differenceMicros ?? 0n)}`
    : `no total of ${control.controlId} to compare with yet`;
}

/** A number that is not out has no certificate: then it is what was compared. */
function controlNote({ controls, model }: ReportMaterial, storeId: string, metric: Metric): string {
  const own = controls.filter((one) => one.metric === metric.id && one.storeId === storeId && one.slice === '');
  if (own.length > 0) return own.map(comparedWith).join('; ');
  return storeId === ALL_STORES && model.stores.length > 1
    ? 'made of the numbers of its stores'
    : 'no source-reported total to compare with';
}

function certificateNote(material: ReportMaterial, place: Place, metric: Metric): string {
  const { certificates, model, date } = material;
  const own = certificates.find((one) => one.storeId === place.storeId && one.metric === metric.id);
  if (!own) return controlNote(material, place.storeId, metric);
  return certificateWords({ model, metric, businessDate: date }, own);
}

function rateNote({ model, date }: ReportMaterial, storeId: string, { unit }: Metric): string[] {
  if (storeId !== ALL_STORES || unit === 'count') return [];
  return ratesOn(model, date).map((one) => `1 ${one.from} = ${one.rate} ${model.client.currency} (${one.source})`);
}

function recordsNote({ model, catalog, counts }: ReportMaterial, storeId: string, metric: Metric): string {
  const read = sourcesOf(model, catalog, metric.id);
  const own = new Set(
    model.sources
      .filter((one) => read.has(one.id) && (storeId === ALL_STORES || one.store === storeId))
      .map((one) => one.id),
  );
  const notes = counts
    .filter((one) => own.has(one.sourceId))
    .map((one) => {
      const records = `${one.read.toLocaleString('en')} ${one.read === 1 ? 'record' : 'records'} of ${one.sourceId}`;
      return one.quarantined > 0 ? `${records}, ${one.quarantined.toLocaleString('en')} quarantined` : records;
    });
  return notes.length > 0 ? notes.join('; ') : 'no records on this day';
}

/** Where a number comes from, in one line: its records, its certificate in words, its rates. */
export const provenanceOf = (material: ReportMaterial, place: Place, metric: Metric): string =>
  [
    recordsNote(material, place.storeId, metric),
    certificateNote(material, place, metric),
    ...rateNote(material, place.storeId, metric),
  ].join('; ');
