import type { EventType } from '../../schemas/operating-model.ts';
import type { ExceptionFacts } from '../exception/facts.ts';

/** What every event has. `month` stands in the place of `businessDate` in an event of a period. */
const COMMON = ['type', 'client', 'businessDate'] as const;
const NUMBER = [
  ...['metric', 'store', 'definition', 'value', 'currency', 'version', 'status', 'finality', 'certificate', 'reason'],
  ...['previous', 'change'],
] as const;
const EXCEPTION = [
  ...['exception', 'kind', 'subject', 'metric', 'source', 'store', 'owner', 'state', 'message'],
  ...['difference', 'currency', 'resolution'],
] as const;
const INCIDENT = ['incident', 'severity', 'state', 'owner', 'title'] as const;
const PERIOD = ['type', 'client', 'month', 'actor', 'reason'] as const;

/** The facts that a condition may ask of each event. What an event does not have this time is absent. */
export const EVENT_FACTS: Readonly<Record<EventType, readonly string[]>> = {
  'number.published': [...COMMON, ...NUMBER],
  'number.revised': [...COMMON, ...NUMBER],
  'close.finished': [...COMMON, 'attempt', 'status', 'how'],
  'exception.opened': [...COMMON, ...EXCEPTION],
  'exception.overdue': [...COMMON, ...EXCEPTION],
  'exception.resolved': [...COMMON, ...EXCEPTION],
  'incident.opened': [...COMMON, ...INCIDENT],
  'incident.acknowledged': [...COMMON, ...INCIDENT],
  'incident.resolved': [...COMMON, ...INCIDENT],
  'delivery.failed': [...COMMON, 'delivery', 'destination', 'channel', 'kind', 'error'],
  'period.closed': PERIOD,
  'period.locked': PERIOD,
  'period.reopened': PERIOD,
};

/** The facts that a condition may ask of `exception`. */
export const EXCEPTION_FACTS: Readonly<Record<keyof ExceptionFacts, true>> = {
  id: true,
  state: true,
  overdue: true,
  kind: true,
  subject: true,
  owner: true,
  message: true,
  metric: true,
  source: true,
  control: true,
  store: true,
  slice: true,
  difference: true,
  currency: true,
  withheld: true,
};

/** Whether an event is about exceptions, so that a condition may ask of `exception`. */
export const isAboutExceptions = (type: EventType): boolean => /^(exception|incident)\./.test(type);

/**
 * Something that happened to a client. `id` is its business key: what happened once is one event, whoever notes it how
 * often. `businessDate` is null for what concerns no single day.
 */
export type OccurredEvent = {
  id: string;
  type: EventType;
  clientId: string;
  businessDate: string | null;
  facts: Readonly<Record<string, unknown>>;
  /** The exceptions that it is about, as conditions see them. */
  exceptions?: readonly ExceptionFacts[];
};
