import type { DeliveryDocument, DeliveryList } from '../documents.ts';
import { clean, cleanLine, plural, shellWord, words } from '../text.ts';
import { type Cell, heading, page, table } from './table.ts';
import { day, moment, state } from './values.ts';

type Listed = DeliveryList['deliveries'][number];

const TITLES: Readonly<Record<Listed['kind'], string>> = { report: 'Report', correction: 'Correction', event: 'News' };

const drafts = (deliveries: readonly Listed[]) => deliveries.filter((one) => one.state === 'draft');

function nextText(deliveries: readonly Listed[]): string | undefined {
  const [first] = drafts(deliveries);
  return (
    first &&
    `Next: read what waits with \`npx meshline deliveries show ${shellWord(first.id)}\`, then release it with \`npx meshline deliveries release ${shellWord(first.id)}\`.`
  );
}

const whenOf = ({ sentAt, queuedSince, createdAt }: Listed): string => moment(sentAt ?? queuedSince ?? createdAt);

/** A correction is of a night; beside it stand the days that it corrects. */
function dayOf({ businessDate, corrects }: Listed): string {
  if (corrects.length === 0) return day(businessDate);
  const more = corrects.length === 1 ? '' : ` and ${corrects.length - 1} more`;
  return `${day(businessDate)}, corrects ${day(corrects[0]!)}${more}`;
}

/** What went out and what waits, the newest first. */
export function deliveriesText({ deliveries, more }: DeliveryList): string {
  if (deliveries.length === 0) return 'No deliveries.';
  const rows = deliveries.map((one): Cell[] => [
    one.id,
    one.client,
    dayOf(one),
    words(one.kind),
    one.destination,
    state(one.state),
    whenOf(one),
    one.error === null || one.state === 'sent' ? '' : cleanLine(one.error),
  ]);
  const head = ['Delivery', 'Client', 'Business day', 'Kind', 'To', 'State', 'When', ''];
  const count = drafts(deliveries).length;
  const waiting = count === 0 ? undefined : `${plural(count, 'draft waits', 'drafts wait')} for release.`;
  const older = more
    ? 'There are older ones: see more with --limit, or ask for some with --client, --date, --state or --kind.'
    : undefined;
  return page(table(head, rows), older, waiting, nextText(deliveries));
}

function logText({ log }: DeliveryDocument): string | undefined {
  if (log.length === 0) return undefined;
  const rows = log.map((one): Cell[] => [
    String(one.try),
    moment(one.startedAt),
    one.outcome === null ? 'under way' : words(one.outcome),
    one.answered === null ? '' : String(one.answered),
    one.error === null ? '' : cleanLine(one.error),
  ]);
  return [heading('Tries'), table(['Try', 'At', 'Outcome', 'Answer', ''], rows)].join('\n');
}

/** A request's body, line by line; whatever is no JSON as it is. */
function bodyText(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

const contentText = ({ channel, text, body }: DeliveryDocument): string =>
  [
    heading(channel === 'email' ? 'As it is read' : 'The body of the request'),
    clean(text ?? bodyText(body ?? '')),
  ].join('\n');

function whoText(one: DeliveryDocument): string[] {
  return [
    ...(one.releasedBy === null ? [] : [`  Released   by ${cleanLine(one.releasedBy)}, ${moment(one.releasedAt)}`]),
    ...(one.queuedSince === null ? [] : [`  Waits      since ${moment(one.queuedSince)}`]),
    ...(one.sentAt === null ? [] : [`  Sent       ${moment(one.sentAt)}`]),
    ...(one.supersededBy === null ? [] : [`  Superseded by delivery ${one.supersededBy}`]),
    ...(one.page === null ? [] : [`  Page       ${one.page}`]),
  ];
}

/** A delivery as its receiver gets it, and what became of it. */
export function deliveryText(one: DeliveryDocument): string {
  return page(
    heading(`${TITLES[one.kind]} of ${one.client}, ${day(one.businessDate)}, to ${one.destination}`),
    [
      `  Delivery   ${one.id}`,
      `  State      ${state(one.state).text}`,
      `  To         ${one.recipients.map(cleanLine).join(', ') || 'nobody'}`,
      `  Subject    ${cleanLine(one.subject)}`,
      `  Key        ${cleanLine(one.key)}`,
      `  Guarantee  ${words(one.guarantee)}`,
      ...(one.corrects.length === 0 ? [] : [`  Corrects   ${one.corrects.map(day).join(', ')}`]),
      ...whoText(one),
    ].join('\n'),
    contentText(one),
    logText(one),
    nextText([one]),
  );
}

/** What a verb has done; sending itself is the outbox's, and its outcome is in `deliveries show`. */
export function handledText(
  verb: 'release' | 'resend',
  { id, state: now, queuedSince, sentAt }: DeliveryDocument,
): string {
  const isOut = queuedSince === null && sentAt !== null;
  const became = isOut ? `it is ${words(now)}, ${moment(sentAt)}` : 'it waits in the outbox of its destination';
  const did = verb === 'release' ? 'is released' : 'is sent once more';
  return `Delivery ${id} ${did}; ${became}.\n\nNext: see what becomes of it with \`npx meshline deliveries show ${shellWord(id)}\`.`;
}
