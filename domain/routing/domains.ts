import type { EventType, OperatingModel } from '../../schemas/operating-model.ts';
import { EXCEPTION_STATES } from '../../schemas/states.ts';
import type { Domains } from '../cel-truth.ts';
import { computedMetrics } from '../metrics/catalog.ts';
import { FINDING_KINDS } from '../publish/finding.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Where a client has several stores, its numbers over all of them are those of the store ''. */
function storesOf({ stores }: OperatingModel): readonly string[] {
  const ids = stores.map((one) => one.id);
  return ids.length > 1 ? [...ids, ''] : ids;
}

const currenciesOf = ({ client, stores }: OperatingModel): readonly string[] => [
  ...new Set([client.currency, ...stores.map((one) => one.currency)]),
];

const ofNumbers = (model: OperatingModel): Values => ({
  metric: computedMetrics(model).map((one) => one.id),
  store: storesOf(model),
  currency: currenciesOf(model),
  status: ['published', 'undefined'],
  finality: ['provisional', 'final'],
  certificate: ['reconciled', 'qualified', 'unreconciled'],
  reason: ['late_arrival', 'source_revised', 'definition_change', 'error'],
});

const ofExceptions = (model: OperatingModel): Values => ({
  metric: computedMetrics(model).map((one) => one.id),
  source: model.sources.map((one) => one.id),
  store: storesOf(model),
  owner: model.people.map((one) => one.id),
  state: EXCEPTION_STATES,
  kind: FINDING_KINDS,
  control: model.controls.map((one) => one.id),
  currency: currenciesOf(model),
});

const ofCloses: Values = {
  how: ['finished', 'unchanged', 'cancelled', 'failed'],
  status: ['published', 'partially_published', 'waiting', 'rejected', 'cancelled', 'failed', 'running'],
};

const ofIncidents = ({ exceptions }: OperatingModel): Values => ({
  severity: [...new Set(exceptions.incidents.map((one) => one.severity))],
  state: ['open', 'acknowledged', 'resolved', 'closed'],
});

function ownValues(model: OperatingModel, on: EventType): Values {
  const family = on.split('.', 1)[0];
  if (family === 'number') return ofNumbers(model);
  if (family === 'exception') return ofExceptions(model);
  if (family === 'close') return ofCloses;
  if (family === 'incident') return ofIncidents(model);
  return family === 'delivery' ? { destination: destinationsOf(model) } : {};
}

const destinationsOf = ({ report, people }: OperatingModel): readonly string[] =>
  [...report.destinations, ...people].map((one) => one.id);

const named = (variable: string, values: Values) =>
  Object.entries(values).map(([fact, known]) => [`${variable}.${fact}`, new Set(known)] as const);

/** The values that facts of an event can have for a client, as far as its model and this version fix them. */
export function domainsOf(model: OperatingModel, on: EventType): Domains {
  const event = { type: [on], client: [model.client.id], ...ownValues(model, on) };
  return new Map([...named('event', event), ...exceptionDomains(model)]);
}

/** The values that facts of an exception can have for a client. */
export const exceptionDomains = (model: OperatingModel): Domains => new Map(named('exception', ofExceptions(model)));
