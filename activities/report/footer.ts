import { definitionId } from '../../domain/metrics/definition.ts';
import { personName } from '../../domain/people.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { ReportMaterial } from './material.ts';

/** Who answers for the report. */
export function reportOwner(model: OperatingModel): string | null {
  const ownership = model.owners.reports[model.report.id] ?? model.owners.reports['*'];
  return ownership ? personName(model, ownership.owner) : null;
}

function currencyLine({ client, stores }: OperatingModel): string {
  const others = stores.filter((store) => store.currency !== client.currency);
  const own = others.map(({ name, currency }) => `${name} in ${currency}`).join(', ');
  return `Amounts are in ${client.currency}${own === '' ? '' : `; ${own}`}.`;
}

function dayLine({ timezone, cutOff }: OperatingModel['client']): string {
  const end = cutOff === '00:00' ? '' : ` and ends at ${cutOff} of the next`;
  return `The business day is the calendar day in ${timezone}${end}.`;
}

/** Who answers for the report and for which definitions, each person once. */
function ownersLine({ model, catalog, numbers }: ReportMaterial): string {
  const definitions = model.report.metrics.map((id) => {
    const used = numbers.find((one) => one.metric === id && one.dimension === '')?.definition;
    const owner = personName(model, governanceOf(model, { source: null, metric: id }).owner);
    return { owner, what: used ?? definitionId(catalog.get(id)!) };
  });
  const owner = reportOwner(model);
  const report = owner === null ? [] : [{ owner, what: 'this report' }];
  const byOwner = [...Map.groupBy([...report, ...definitions], (one) => one.owner)];
  return `${byOwner.map(([name, of]) => `${name} answers for ${of.map((one) => one.what).join(', ')}`).join('; ')}.`;
}

/** What the numbers are, in which day and currency, by which definitions, and who answers for them. */
export const footerOf = (material: ReportMaterial): string[] => [
  'Management information on the basis of orders: a sale counts on the day of the order, a refund on the day of the refund. Not audited.',
  `${dayLine(material.model.client)} ${currencyLine(material.model)}`,
  ownersLine(material),
];
