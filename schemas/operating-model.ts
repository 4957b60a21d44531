import Type, { type Static } from 'typebox';
import { authoredCheck, type Check } from './operating-model/check.ts';
import {
  authoredClient,
  authoredStore,
  calendar,
  calendarOrName,
  calendars,
  client,
  store,
} from './operating-model/client.ts';
import { authoredControl, type Control } from './operating-model/control.ts';
import { authoredMetric, metric } from './operating-model/metric.ts';
import { closed, date, id, named, text } from './operating-model/parts.ts';
import { hours, type Ownership, owners, ownership, people, teams } from './operating-model/people.ts';
import { governed, incidentRule, policies, policy, realert, telling } from './operating-model/policy.ts';
import { currencyRates } from './operating-model/rates.ts';
import { authoredReport, report, routing } from './operating-model/report.ts';
import { revisions } from './operating-model/revisions.ts';
import {
  authoredHandoff,
  authoredSource,
  type Contract,
  type Handoff,
  handoff,
  type Source,
  source,
} from './operating-model/source.ts';

export type { Check, CheckKind, CheckOf } from './operating-model/check.ts';
export type { Calendar, Client, Store } from './operating-model/client.ts';
export type { Control, Tolerance } from './operating-model/control.ts';
export type { Book, EntryKind } from './operating-model/kinds.ts';
export type { Mapping, MappingCase, MappingEntry, OccurredAt } from './operating-model/mapping.ts';
export type { MetricDefinition } from './operating-model/metric.ts';
export type { Weekday } from './operating-model/parts.ts';
export type { Ownership, Person, Team, WorkingHours } from './operating-model/people.ts';
export type { IncidentRule, MakerChecker, RerunPolicy, RetryPolicy, Severity } from './operating-model/policy.ts';
export type { CurrencyRate } from './operating-model/rates.ts';
export type {
  Destination,
  EmailDestination,
  EventType,
  ExportDestination,
  MessageDestination,
  Report,
  Routing,
  RoutingRule,
  WebhookDestination,
} from './operating-model/report.ts';
export { ROUTED_EVENTS } from './operating-model/report.ts';
export type { Revisions } from './operating-model/revisions.ts';
export type { Contract, FileOptions, Handoff, RecordSchema, Source, TotalOptions } from './operating-model/source.ts';

const apiVersion = Type.Literal('meshline/v1', { description: 'Version of this format: `meshline/v1`.' });
const organisation = closed(
  { id: id('Name of the agency.'), name: text('Name as shown.') },
  { description: 'The agency.' },
);
const systemOfRecord = named(id('A source.'), 'The one source that decides a metric, by metric.');
const effectiveFrom = date('First business day that this version holds for. Required from the second version on.');

/** What a template may give and a client may have of its own. */
const shareable = {
  stores: Type.Array(authoredStore, {
    minItems: 1,
    description: 'Shops of the client. A client with one store need not name it.',
  }),
  currencyRates,
  people,
  hours,
  teams,
  policies,
  owners,
  calendar: calendarOrName,
  calendars,
  sources: Type.Array(authoredSource, { description: 'Systems that data comes from.' }),
  metrics: Type.Array(authoredMetric, { description: 'Metrics beside the standard library.' }),
  checks: Type.Array(authoredCheck, {
    description: 'Checks that run on every close; only those listed run, plus drift as a warning.',
  }),
  controls: Type.Array(authoredControl, { description: 'Comparisons with source-reported totals.' }),
  handoffs: Type.Array(authoredHandoff, { description: 'Further handoffs of data, each with a contract.' }),
  report: authoredReport,
  revisions,
  routing,
  systemOfRecord,
  exceptions: policy,
};
const optional = Type.Partial(Type.Object(shareable)).properties;

/** (a) What a user writes for one client. */
export const clientDocument = closed(
  {
    apiVersion,
    agency: Type.Optional(
      text('Path of the agency’s file: people, hours, teams, policies, calendars that clients share.'),
    ),
    extends: Type.Optional(text('Path of a template. The client’s keys are laid on top of it.')),
    client: authoredClient,
    effectiveFrom: Type.Optional(effectiveFrom),
    ...optional,
  },
  { description: 'The operating model of one client.' },
);
export type ClientDocument = Static<typeof clientDocument>;

/** (b) What all clients of one agency share. */
export const agencyFile = closed(
  {
    apiVersion,
    agency: organisation,
    people: optional.people,
    hours: optional.hours,
    teams: optional.teams,
    policies: optional.policies,
    calendars: optional.calendars,
  },
  { description: 'What all clients of one agency share. People are edited here and nowhere else.' },
);

/** (c) What clients of one kind share. */
export const template = closed(
  {
    apiVersion,
    extends: Type.Optional(text('Path of a template that this one is laid on top of.')),
    template: Type.Optional(
      closed({ id: id('Name.'), name: Type.Optional(text('Name as shown.')) }, { description: 'The template.' }),
    ),
    ...optional,
  },
  { description: 'What clients of one kind share: sources, schemas, mapping, checks, controls. Named by `extends`.' },
);

const ownersOf = (what: string) => named(ownership, `Owners of ${what} by id, and \`*\` for any other.`);

/** The resolved document: complete in itself. It is what is stored, versioned, shown and pinned by a run. */
export const resolvedDocument = closed(
  {
    apiVersion,
    agency: Type.Optional(organisation),
    client,
    effectiveFrom: Type.Optional(effectiveFrom),
    stores: Type.Array(store, { minItems: 1 }),
    currencyRates,
    people,
    hours,
    calendar,
    owners: closed(
      {
        metrics: ownersOf('metrics'),
        transforms: ownersOf('transforms'),
        reports: ownersOf('reports'),
        incidents: ownership,
      },
      { description: 'Who answers for what. A source and a handoff name theirs in the contract.' },
    ),
    sources: Type.Array(source),
    metrics: Type.Array(metric),
    checks: Type.Array(Type.Unsafe<Check>(authoredCheck)),
    controls: Type.Array(Type.Unsafe<Control>(authoredControl)),
    handoffs: Type.Array(handoff),
    report,
    revisions: Type.Optional(revisions),
    routing,
    systemOfRecord,
    exceptions: closed(
      {
        ...governed,
        ...telling,
        sla: Type.Optional(governed.sla),
        incidents: Type.Array(incidentRule),
        realert: Type.Optional(realert),
      },
      { description: 'What governs exceptions of no contract.' },
    ),
  },
  { description: 'A resolved operating model.' },
);
export type OperatingModel = Static<typeof resolvedDocument>;

type Terms<C extends Contract> = Omit<C, keyof Contract> & { [K in keyof Contract]?: Contract[K] };

/** A resolved document before the policy has been checked: owners and terms that nobody named are absent. */
export type DraftModel = Omit<OperatingModel, 'owners' | 'exceptions' | 'sources' | 'handoffs'> & {
  owners: Record<'metrics' | 'transforms' | 'reports', Record<string, Partial<Ownership>>> & {
    incidents: Partial<Ownership>;
  };
  exceptions: Partial<OperatingModel['exceptions']>;
  sources: (Omit<Source, 'contract'> & { contract: Partial<Contract> })[];
  handoffs: Terms<Handoff>[];
};
