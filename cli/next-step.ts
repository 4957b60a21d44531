import type { ProblemDocument } from '../schemas/api/common.ts';
import { shellWord } from './text.ts';

/** What a request was about, as its address tells it. */
type Subject = { client?: string; date?: string; month?: string; metric?: string; delivery?: string };

const KIND = '/problems/';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function subjectOf(address: string | undefined): Subject {
  if (!address || !URL.canParse(address)) return {};
  const { pathname, searchParams } = new URL(address);
  const parts = pathname.split('/').map(decodeURIComponent);
  const after = (name: string) => parts[parts.indexOf(name) + 1];
  const client = parts.includes('clients') ? after('clients') : undefined;
  const date = searchParams.get('date') ?? parts.find((part) => DAY.test(part));
  const month = parts.includes('periods') ? after('periods') : undefined;
  const delivery = parts.includes('deliveries') ? after('deliveries') : undefined;
  return { client, date, month, delivery, metric: searchParams.get('metric') ?? undefined };
}

/** A command of this program; an option that is not known is left for the reader to fill in. */
function command(words: string, options: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(options).map(
    ([name, value]) => `--${name} ${value === undefined ? `<${name}>` : shellWord(value)}`,
  );
  return `\`${['npx meshline', words, ...given].join(' ')}\``;
}

const wordOf = (id: string | undefined) => (id === undefined ? '<id>' : shellWord(id));

const ofDay = ({ client, date }: Subject) => ({ client, date });

/** The next step after each kind of problem that has one. */
const STEPS: Readonly<Record<string, (subject: Subject) => string>> = {
  'unknown-client': () =>
    `See the clients with ${command('client list')}, or make one with ${command('client apply <file>')}.`,
  'unknown-version': ({ client }) => `See the latest with ${command(`client show ${wordOf(client)}`)}.`,
  'unknown-source': ({ client }) => `See the operating model with ${command(`client show ${wordOf(client)}`)}.`,
  'never-closed': (subject) => `Close the day with ${command('close run', ofDay(subject))}.`,
  'day-not-over': (subject) => `Close it after that with ${command('close run', ofDay(subject))}.`,
  'no-effective-model': () =>
    `Apply an operating model with an earlier effectiveFrom: ${command('client apply <file>')}.`,
  'not-running': (subject) => `See what the day is with ${command('close show', ofDay(subject))}.`,
  'unknown-exception': () => `See those that there are with ${command('exceptions list')}.`,
  'unknown-incident': () => `See those that there are with ${command('incidents list')}.`,
  'incident-missing': () => `Wait a few minutes, then look at it with ${command('incidents list')} and try again.`,
  'unknown-delivery': () => `See those that there are with ${command('deliveries list')}.`,
  superseded: () => `See which draft stands with ${command('deliveries list')}, and release that one.`,
  'not-released': ({ delivery }) => `Release it with ${command(`deliveries release ${wordOf(delivery)}`)}.`,
  'never-sent': () =>
    `Change the destination's mode in the operating model, then close the day anew: ${command('client apply <file>')}.`,
  'unknown-token': () => `See those that there are with ${command('tokens list')}.`,
  'not-published': ({ client, metric }) =>
    `See what is published with ${command('metrics get', { client, ...(metric && { metric }) })}.`,
  'unknown-metric': ({ client }) => `See what is published with ${command('metrics get', { client })}.`,
  withheld: (subject) => `See what the day waits for with ${command('close show', ofDay(subject))}.`,
  'second-person-needed': () => 'Ask a colleague to look at it and to decide the same.',
  'review-missing': () => `Wait a few minutes, then look at it with ${command('exceptions list')} and decide again.`,
  'storage-unavailable': () => `See what runs with ${command('status')}, and try again.`,
  'engine-unavailable': () => `See what runs with ${command('status')}, and try again.`,
  'decision-unanswered': () => `See what runs with ${command('status')}, and decide again: it is taken once.`,
  'period-state': ({ client, month }) => `See what it is with ${command('period show', { client, month })}.`,
  'which-clients': () => `Name one with ${command('close schedule', { client: undefined })}, or say --all.`,
};

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Give a token that is valid in MESHLINE_TOKEN; an admin makes one with `npx meshline tokens create`.',
  403: 'Ask an admin for a token of a role that may do this, for this client.',
  429: 'Wait a minute and try again.',
};

/**
 * What the reader of a problem does next, as a command of this program where there is one.
 * @param address of the request that was refused
 */
export function nextStep({ type, status }: ProblemDocument, address: string | undefined): string | undefined {
  const kind = type?.startsWith(KIND) ? type.slice(KIND.length) : '';
  return STEPS[kind]?.(subjectOf(address)) ?? BY_STATUS[status];
}
