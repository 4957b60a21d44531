import type { ShownNumber } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { contentName } from '../content-name.ts';
import type { ReportMaterial } from './material.ts';
import { placesOf } from './places.ts';

/** The metric that a report sets large: the first of the usual ones that it has, or its first. */
const HEADLINES = ['net_sales', 'total_sales', 'gross_sales'];
export const headlineOf = ({ model }: Pick<ReportMaterial, 'model'>): string =>
  HEADLINES.find((id) => model.report.metrics.includes(id)) ?? model.report.metrics[0]!;

type Place = { metric: string; dimension: string };

/**
 * Whether a report shows a number of a store: totals of its metrics, and the slices of its headline at the first place.
 */
export function compileShown(model: OperatingModel): (one: Place, storeId: string) => boolean {
  const headline = headlineOf({ model });
  const [first] = placesOf(model);
  return (one, storeId) =>
    one.dimension === ''
      ? model.report.metrics.includes(one.metric)
      : one.metric === headline && storeId === first!.storeId && model.report.slices.includes(one.dimension);
}

/** The versions of all numbers of a day: what a system is told. */
export const allNumbers = ({ date, numbers }: ReportMaterial): ShownNumber[] =>
  numbers.map(({ metric, store_id, dimension, member, version }) => ({
    business_date: date,
    metric,
    store_id,
    dimension,
    member,
    version,
  }));

/** The versions of numbers that a report shows to people. */
export function shownNumbers(material: ReportMaterial): ShownNumber[] {
  const isShown = compileShown(material.model);
  return allNumbers(material).filter((one) => isShown(one, one.store_id));
}

/** The report's version names what it shows: every published version of its numbers, and what is held back. */
export function reportVersion(material: ReportMaterial): string {
  const isShown = compileShown(material.model);
  const shown = shownNumbers(material).map((one) => [one.metric, one.store_id, one.dimension, one.member, one.version]);
  const out = new Set(shown.map((one) => JSON.stringify(one.slice(0, 4))));
  const held = material.withheld
    .filter((one) => isShown(one, one.storeId))
    .map((one) => [one.metric, one.storeId, one.dimension, one.member])
    .filter((one) => !out.has(JSON.stringify(one)));
  return contentName([shown, held]);
}
