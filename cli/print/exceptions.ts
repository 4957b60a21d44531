import type { Verb } from '../decide.ts';
import type { ExceptionDocument, ExceptionList, Fix, TimelineEntry } from '../documents.ts';
import { cleanLine, plural, shellWord, words } from '../text.ts';
import { isOpen } from './next.ts';
import { quarantinedText } from './quarantined.ts';
import { type Cell, heading, page, right, table } from './table.ts';
import { amount, day, due, moment, state } from './values.ts';

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

const itemsText = ({ reconcilingItems }: ExceptionDocument) =>
  reconcilingItems.length === 0
    ? undefined
    : table(
        ['Reconciling item', 'Amount', 'Records'],
        reconcilingItems.map(({ kind, amount: value, records }) => [
          words(kind),
          right(amount(value)),
          right(String(records)),
        ]),
      );

const timelineLine = ({ at, actor, event }: TimelineEntry) =>
  `  ${moment(at)}  ${cleanLine([actor, event].filter(Boolean).join(': '))}`;

const timelineText = ({ timeline }: ExceptionDocument) =>
  timeline.length === 0 ? undefined : ['History', ...timeline.map(timelineLine)].join('\n');

function fixLines({ id, title, preview }: Fix): string[] {
  const metrics = (preview?.metrics ?? []).map(
    ({ metric, before, after }) => `      ${metric}: ${amount(before)} → ${amount(after)}`,
  );
  return [`  ${cleanLine(id)}  ${cleanLine(title)}`, ...metrics];
}

const fixesText = ({ suggestedFixes }: ExceptionDocument) =>
  suggestedFixes.length === 0
    ? undefined
    : ['Suggested fixes', ...(suggestedFixes as Fix[]).flatMap(fixLines)].join('\n');

function verbsText({ id, version, state: now }: ExceptionDocument): string | undefined {
  if (!isOpen({ state: now })) return undefined;
  const line = (verb: Verb) =>
    `  npx meshline exceptions ${`${verb} ${shellWord(id)}`} --version ${version} --reason "your reason"`;
  return [
    'Next: decide',
    `${line('approve')}   accept the difference`,
    `${line('rerun')}     capture the sources again`,
    `${line('reject')}    publish nothing of this day`,
  ].join('\n');
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
      `  Decide by   ${due(one.deadline)}`,
      ...(one.difference === null ? [] : [`  Difference  ${amount(one.difference, one.currency)}`]),
      ...(one.incident === null
        ? []
        : [`  Incident    ${one.incident.id}, ${one.incident.severity}, ${words(one.incident.state)}`]),
      ...(one.message ? [`  Finding     ${cleanLine(one.message)}`] : []),
    ].join('\n'),
    itemsText(one),
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
};

const becameOf = (verb: Verb, { state: now }: ExceptionDocument) =>
  now === 'resolved'
    ? 'it is resolved; there is nothing left to decide'
    : `${DECIDED[verb]}; the exception is now ${words(now)}`;

export function decidedText(verb: Verb, one: ExceptionDocument): string {
  const show = `npx meshline close show --client ${shellWord(one.client)} --date ${shellWord(one.businessDate)}`;
  const subject = `${words(one.kind)} of ${cleanLine(one.client)} ${one.businessDate}`;
  return `${subject}: ${becameOf(verb, one)}.\n\nNext: see the day with \`${show}\`.`;
}
