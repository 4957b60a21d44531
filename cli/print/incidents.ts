import type { IncidentDocument, IncidentList, TimelineEntry } from '../documents.ts';
import type { IncidentVerb } from '../handle-incident.ts';
import { cleanLine, plural, shellWord, words } from '../text.ts';
import { type Cell, heading, page, right, table } from './table.ts';
import { amount, day, moment, state } from './values.ts';

type Listed = IncidentList['incidents'][number];
type Summary = NonNullable<IncidentDocument['summary']>;

const isUnresolved = ({ state: now }: Pick<Listed, 'state'>): boolean => now === 'open' || now === 'acknowledged';

const whereOf = ({ client }: Pick<Listed, 'client'>): string => client ?? 'several clients';

const overText = (count: number) =>
  count === 0
    ? undefined
    : `${plural(count, 'incident')} that are over: see them with --state resolved or --state closed.`;

/** Those that somebody has to see through, and those that are over as well where a state was asked for. */
export function incidentsText({ incidents }: IncidentList, asked?: string): string {
  const shown = asked === undefined ? incidents.filter(isUnresolved) : incidents;
  const over = overText(incidents.length - shown.length);
  if (shown.length === 0) return page('No incidents.', over);
  const rows = shown.map((one): Cell[] => [
    one.id,
    whereOf(one),
    one.businessDate === null ? '—' : day(one.businessDate),
    state(one.severity),
    one.owner,
    state(one.state),
    moment(one.openedAt),
    right(String(one.exceptions.length)),
  ]);
  const first = shown.find(isUnresolved);
  return page(
    table(['Incident', 'Client', 'Day', 'Severity', 'Owner', 'State', 'Since', 'Exceptions'], rows),
    first && `Next: look at one with \`npx meshline incidents show ${shellWord(first.id)}\`.`,
    over,
  );
}

const line = ({ at, actor, event }: TimelineEntry) => `  ${moment(at)}  ${cleanLine([actor, event].join(': '))}`;

const listText = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? undefined : [title, ...lines].join('\n');

const membersText = ({ members }: IncidentDocument) =>
  members.length === 0
    ? undefined
    : table(
        ['Member', 'Client', 'Day', 'State'],
        members.map((one) => [one.id, one.client, day(one.businessDate), state(one.state)]),
      );

const toldText = ({ told, webhooks }: IncidentDocument) =>
  listText('Told', [
    ...told.map(
      (one) =>
        `  ${moment(one.at)}  ${cleanLine(one.to)}: ${words(one.event)}${one.status === 'draft' ? ' (a draft, not sent)' : ''}`,
    ),
    ...webhooks.map(
      (one) =>
        `  ${moment(one.at)}  ${cleanLine(one.destination)}: ${cleanLine(one.event)}, ${one.status}${one.error === null ? '' : ` (${cleanLine(one.error)})`}`,
    ),
  ]);

const acknowledgedText = (count: number | null) =>
  count === null ? '  Acknowledged       by nobody' : `  Acknowledged after ${plural(count, 'minute')}`;

function summaryText(summary: Summary | null): string | undefined {
  if (summary === null) return undefined;
  const { impact, actions } = summary;
  return page(
    [
      'Summary',
      `  Cause              ${cleanLine(summary.cause)}`,
      acknowledgedText(summary.minutesToAcknowledge),
      `  Resolved after     ${plural(summary.minutesToResolve, 'minute')}`,
      `  Impact             ${plural(impact.clients, 'client')}, ${plural(impact.days, 'business day')}, ${plural(impact.exceptions, 'exception')}`,
      `  Withheld           ${impact.metricsWithheld.map(cleanLine).join(', ') || 'nothing'}`,
      ...impact.differences.map(
        (one) =>
          `  Difference         ${amount(one.amount, one.currency)} (${cleanLine(one.client)}, ${day(one.businessDate)})`,
      ),
    ].join('\n'),
    listText('What was done', actions.map(line)),
  );
}

function nextText(one: IncidentDocument): string | undefined {
  if (!isUnresolved(one)) return undefined;
  const id = shellWord(one.id);
  return [
    'Next:',
    `  npx meshline incidents ack ${id}   hold it: the alerts end`,
    `  npx meshline incidents resolve ${id} --cause "what it was"   end it; everyone who was told hears of it`,
    ...one.exceptions
      .slice(0, 3)
      .map((exception) => `  npx meshline exceptions show ${shellWord(exception)}   decide about what was found`),
  ].join('\n');
}

/** An incident whole, for the person who sees it through. */
export function incidentText(one: IncidentDocument): string {
  return page(
    heading(
      `${one.severity} incident: ${[whereOf(one), one.businessDate && day(one.businessDate)].filter(Boolean).join(', ')}`,
    ),
    [
      `  Incident   ${one.id}`,
      `  State      ${state(one.state).text}`,
      `  Owner      ${cleanLine(one.owner)}`,
      `  Since      ${moment(one.openedAt)}`,
      `  About      ${cleanLine(one.title)}`,
      ...(one.parent === null ? [] : [`  Part of    ${one.parent}, which spans clients`]),
      ...(one.cause === null ? [] : [`  Cause      ${cleanLine(one.cause)}`]),
    ].join('\n'),
    membersText(one),
    listText('History', one.timeline.map(line)),
    toldText(one),
    summaryText(one.summary),
    nextText(one),
  );
}

const DONE: Record<IncidentVerb, (one: IncidentDocument) => string> = {
  ack: (one) => `${one.owner} holds it; the alerts end`,
  update: () => 'it is in the timeline',
  resolve: () => 'it is resolved; everyone who was told hears of it',
};

export function handledText(verb: IncidentVerb, one: IncidentDocument): string {
  const over = !isUnresolved(one) && verb !== 'resolve';
  const became = over ? `it is ${one.state}; there is nothing left to do` : cleanLine(DONE[verb](one));
  return `Incident ${one.id}: ${became}.\n\nNext: see it with \`npx meshline incidents show ${shellWord(one.id)}\`.`;
}
