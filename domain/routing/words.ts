import type { EventType } from '../../schemas/operating-model.ts';

/** An event as a message tells of it. */
export type ToldEvent = {
  id: string;
  type: EventType;
  businessDate: string | null;
  at: string;
  facts: Readonly<Record<string, unknown>>;
};
type Facts = ToldEvent['facts'];

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const amount = ({ currency }: Facts, value: unknown): string =>
  value === null || value === undefined ? 'undefined' : [text(value), text(currency)].filter(Boolean).join(' ');
const reason = ({ reason: why }: Facts): string => text(why).replaceAll('_', ' ');
const bracketed = (...parts: string[]): string => {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
};
const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

function revised(facts: Facts): string {
  const moved = text(facts.change);
  const by = moved === '' ? '' : `${moved.startsWith('-') ? '' : '+'}${moved}`;
  const told = `${amount(facts, facts.previous)} became ${amount(facts, facts.value)}`;
  return `${text(facts.metric)}: ${told}${bracketed(by, reason(facts), text(facts.finality))}.`;
}

const month = (did: string) => (facts: Facts) =>
  sentence(`${text(facts.month)} was ${did} by ${text(facts.actor)}${facts.reason ? `: ${text(facts.reason)}` : ''}`);

const TELL: Readonly<Record<EventType, (facts: Facts) => string>> = {
  'number.published': (facts) =>
    `${text(facts.metric)}: ${amount(facts, facts.value)}${bracketed(text(facts.finality), text(facts.certificate))}.`,
  'number.revised': revised,
  'close.finished': ({ attempt, status }) =>
    `The close has ended: the day is ${text(status).replaceAll('_', ' ')} after attempt ${text(attempt)}.`,
  'exception.opened': ({ message, owner }) => `Found, with ${text(owner)}: ${sentence(text(message))}`,
  'exception.overdue': ({ message, owner }) => `Past its deadline, with ${text(owner)}: ${sentence(text(message))}`,
  'exception.resolved': ({ message, resolution, state }) =>
    `Over, ${text(resolution) || text(state)}: ${sentence(text(message))}`,
  'incident.opened': ({ title, severity }) => `Incident, ${text(severity)}: ${sentence(text(title))}`,
  'incident.acknowledged': ({ title, owner }) => `Incident acknowledged by ${text(owner)}: ${sentence(text(title))}`,
  'incident.resolved': ({ title }) => `Incident resolved: ${sentence(text(title))}`,
  'delivery.failed': ({ kind, destination, error }) =>
    `The ${text(kind)} for ${text(destination)} did not get there: ${sentence(text(error))}`,
  'period.closed': month('soft-closed'),
  'period.locked': month('locked'),
  'period.reopened': month('reopened'),
};

/** What happened, in one sentence. */
export const eventWords = ({ type, facts }: Pick<ToldEvent, 'type' | 'facts'>): string => TELL[type](facts);
