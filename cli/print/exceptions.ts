import type { Verb } from '../decide.ts';
import type { ExceptionDocument, ExceptionList, TimelineEntry } from '../documents.ts';
import { cleanLine, plural, shellWord, words } from '../text.ts';
import { fixesText } from './fixes.ts';
import { isOpen } from './next.ts';
import { quarantinedText } from './quarantined.ts';
import { type Cell, heading, page, right, table } from './table.ts';
import { amount, day, due, moment, state } from './values.ts';
import { workspaceParts } from './workspace.ts';

const endedText = (count: number) =>
  count === 0
    ? undefined
    : `${plural(count, 'exception')} that ended: see them with --state resolved or --state rejected.`;

/** Those that wait, and those that ended as well where a state was asked for. */
export function listText({ exceptions }: ExceptionList, asked?: string): string {
  const shown = asked === undefined ? exceptions.filter(isOpen) : exceptions;
  const ended = endedText(exceptions.length - shown.length);
  if (shown.length === 0) return page('No exceptions: nothing waits for a person.', ended);
  const rows = shown.map((one): Cell[] => [
    one.id,
    one.client,
    day(one.businessDate),
    words(one.kind),
    one.metric ?? '—',
    right(amount(one.difference, one.currency)),
    one.owner,
    state(one.state),
    due(one.deadline),
  ]);
  const first = shown.find(isOpen);
  return page(
    table(['Exception', 'Client', 'Day', 'Kind', 'Metric', 'Difference', 'Owner', 'State', 'Decide by'], rows),
    first && `Next: look at one with \`npx meshline exceptions show ${shellWord(first.id)}\`.`,
    ended,
  );
}

const timelineLine = ({ at, actor, event }: TimelineEntry) =>
  `  ${moment(at)}  ${cleanLine([actor, event].filter(Boolean).join(': '))}`;

const timelineText = ({ timeline }: ExceptionDocument) =>
  timeline.length === 0 ? undefined : ['History', ...timeline.map(timelineLine)].join('\n');

const resendText = ({ client, businessDate }: ExceptionDocument): string[] => [
  `  npx meshline deliveries list --client ${shellWord(client)} --date ${shellWord(businessDate)}`,
  '      Send it once more: find it in this list; `npx meshline deliveries resend` and its id send it without closing the day again.',
];

/** How to mend the first of the records in quarantine. */
const resubmitText = ({ id, quarantined: [record] }: ExceptionDocument): string[] =>
  record === undefined
    ? []
    : [
        `  npx meshline exceptions resubmit ${shellWord(id)} --record ${shellWord(record.event)} --set field=value`,
        '      Edit a record in quarantine, and try the day with it.',
      ];

function verbsText(one: ExceptionDocument): string | undefined {
  const { id, kind, version, choices } = one;
  if (choices.length === 0) return undefined;
  const lines = choices.flatMap(({ verb, title, effect }) => [
    `  npx meshline exceptions ${verb} ${shellWord(id)} --version ${version} --reason "your reason"`,
    `      ${cleanLine(title)}: ${cleanLine(effect)}`,
  ]);
  return ['Next: decide', ...lines, ...resubmitText(one), ...(kind === 'handoff' ? resendText(one) : [])].join('\n');
}

/** An exception whole, for the person who decides. */
export function exceptionText(one: ExceptionDocument): string {
  const now = state(one.state);
  return page(
    heading(`${words(one.kind)}: ${[one.client, one.metric].filter(Boolean).join(', ')}, ${day(one.businessDate)}`),
    [
      `  Exception   ${one.id}, version ${one.version}`,
      `  State       ${now.text}`,
      `  Owner       ${cleanLine(one.owner)}`,
      ...(one.responsible === null || one.responsible === one.owner
        ? []
        : [`  Is with     ${cleanLine(one.responsible)}`]),
      ...(one.claimedBy === null
        ? []
        : [`  Claimed by  ${cleanLine(one.claimedBy)} until ${moment(one.claimedUntil)}`]),
      `  Decide by   ${due(one.deadline)}`,
      ...(one.difference === null ? [] : [`  Difference  ${amount(one.difference, one.currency)}`]),
      ...(one.incident === null
        ? []
        : [`  Incident    ${one.incident.id}, ${one.incident.severity}, ${words(one.incident.state)}`]),
      ...(one.message ? [`  Finding     ${cleanLine(one.message)}`] : []),
      ...(one.monthNote === null ? [] : [`  Month       ${cleanLine(one.monthNote)}`]),
    ].join('\n'),
    ...workspaceParts(one.workspace),
    quarantinedText(one.quarantined),
    fixesText(one),
    timelineText(one),
    verbsText(one),
  );
}

const DECIDED: Record<Verb, string> = {
  approve: 'the difference is accepted',
  reject: 'the day is rejected',
  rerun: 'the day is run anew',
  apply_fix: 'the fix is applied',
  claim: 'you are on it',
  reassign: 'somebody else has it',
  comment: 'your comment is kept',
};
/** A decision that another person must agree to has changed nothing yet. */
const isProposed = (verb: Verb, now: string): boolean =>
  now === 'awaiting_second' && (verb === 'approve' || verb === 'apply_fix');

const REJECTED: Readonly<Record<string, string>> = {
  revision: 'the numbers are kept as they were published',
  handoff: 'it rests, undelivered',
};

const decidedWords = (verb: Verb, { kind }: ExceptionDocument): string =>
  (verb === 'reject' ? REJECTED[kind] : undefined) ?? DECIDED[verb];

const becameOf = (verb: Verb, one: ExceptionDocument) => {
  const { state: now } = one;
  if (now === 'resolved' && verb !== 'comment') return 'it is resolved; there is nothing left to decide';
  const did = isProposed(verb, now) ? 'proposed; another person must decide the same' : decidedWords(verb, one);
  return `${did}; the exception is now ${words(now)}`;
};

export function decidedText(verb: Verb, one: ExceptionDocument): string {
  const show = `npx meshline close show --client ${shellWord(one.client)} --date ${shellWord(one.businessDate)}`;
  const subject = `${words(one.kind)} of ${cleanLine(one.client)} ${one.businessDate}`;
  return `${subject}: ${becameOf(verb, one)}.\n\nNext: see the day with \`${show}\`.`;
}
