import type { IncidentSummary } from '../../../domain/incident/summary.ts';
import { type Block, type Command, heading, list, paragraph } from '../report/blocks.ts';
import { instantIn, shortDate, shortInstantIn } from '../report/format.ts';
import type { IncidentView } from './view.ts';

const LATEST = 12;

/** What a mail about an incident says, by why it is sent. */
export function incidentBlocks(view: IncidentView): Block[] {
  const { summary } = view;
  return [
    paragraph(leadOf(view), view.news === 'resolved' ? 'good' : view.news === 'acknowledged' ? 'caution' : 'alert'),
    ...(summary === null ? exceptionBlocks(view) : summaryBlocks(summary, view)),
    ...(summary === null ? timelineBlocks(view.timeline, view) : []),
    heading('What you can do'),
    { kind: 'commands', commands: commandsOf(view) },
  ];
}

function leadOf({ news, owner, openedAt, alert, recipient, summary }: IncidentView): string {
  const since = `It opened on ${instantIn(openedAt, recipient.timezone)}`;
  switch (news) {
    case 'opened':
      return `${since} and is with ${owner}, who is asked to acknowledge it.`;
    case 'alert':
      return `${since} and nobody has acknowledged it. This is alert ${alert} to ${owner} and the deputy.`;
    case 'acknowledged':
      return `${owner} has acknowledged it and sees it through.`;
    case 'resolved':
      return `It is over. Cause: ${sentence(summary?.cause ?? 'unknown')}`;
    default:
      return news satisfies never;
  }
}

function exceptionBlocks({ exceptions, client }: IncidentView): Block[] {
  const items = exceptions.map((one) => {
    const where = client === null ? `${one.client}, ${shortDate(one.businessDate)}: ` : '';
    const amount = one.difference === null ? '' : ` Difference ${one.difference}.`;
    const held = one.withheld.length === 0 ? '' : ` Withheld: ${one.withheld.join(', ')}.`;
    return `${where}${one.message}.${amount}${held}`.replace('..', '.');
  });
  return items.length === 0 ? [] : [heading('What was found'), list(items)];
}

function timelineBlocks(timeline: IncidentView['timeline'], { recipient }: IncidentView, title = 'So far'): Block[] {
  if (timeline.length === 0) return [];
  const lines = timeline
    .slice(-LATEST)
    .map(({ at, actor, event }) => `${shortInstantIn(at, recipient.timezone)}, ${actor}: ${event}`);
  return [heading(title), list(lines)];
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

function minutesText(minutes: number): string {
  if (minutes < 90) return plural(minutes, 'minute');
  return minutes < 48 * 60 ? plural(Math.round(minutes / 60), 'hour') : plural(Math.round(minutes / 1440), 'day');
}

function figuresOf({ impact, minutesToAcknowledge, minutesToResolve }: IncidentSummary): Block {
  const row = (label: string, value: string) => ({ label, value, strong: false });
  return {
    kind: 'figures',
    rows: [
      row('Open for', minutesText(minutesToResolve)),
      minutesToAcknowledge === null
        ? row('Acknowledged', 'by nobody')
        : row('Acknowledged after', minutesText(minutesToAcknowledge)),
      row('Clients', String(impact.clients)),
      row('Business days', String(impact.days)),
      row('Exceptions', String(impact.exceptions)),
      row('Metrics withheld', String(impact.metricsWithheld.length)),
      ...impact.differences.map(({ client, businessDate, amount, currency }) =>
        row(`Difference, ${client} ${shortDate(businessDate)}`, [amount, currency].filter(Boolean).join(' ')),
      ),
    ],
  };
}

function summaryBlocks(summary: IncidentSummary, view: IncidentView): Block[] {
  const told = summary.told.length === 0 ? 'Nobody was told.' : `Told of it: ${summary.told.join(', ')}.`;
  const held = summary.impact.metricsWithheld;
  return [
    heading('What it meant'),
    figuresOf(summary),
    ...(held.length === 0 ? [] : [paragraph(`Withheld meanwhile: ${held.join(', ')}.`)]),
    paragraph(told),
    ...timelineBlocks(summary.actions, view, 'What was done'),
    ...timelineBlocks(summary.timeline, view, 'What happened when'),
  ];
}

/** An id is hexadecimal, so that a pasted line runs nothing else. */
function commandsOf({ incidentId, news }: IncidentView): Command[] {
  const show: Command = {
    title: 'See everything',
    effect: 'its exceptions, its timeline and who was told.',
    line: `npx meshline incidents show ${incidentId}`,
  };
  if (news === 'resolved') return [show];
  return [
    {
      title: news === 'acknowledged' ? 'Take it over' : 'Acknowledge it',
      effect: 'you hold it from then on, and the alerts end.',
      line: `npx meshline incidents ack ${incidentId}`,
    },
    {
      title: 'Resolve it',
      effect: 'with its cause; it resolves by itself when its exceptions end.',
      line: `npx meshline incidents resolve ${incidentId} --cause "what it was"`,
    },
    show,
  ];
}
