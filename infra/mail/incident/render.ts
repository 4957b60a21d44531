import type { IncidentNews } from '../../../domain/incident/news.ts';
import type { Block } from '../report/blocks.ts';
import { blocksHtml } from '../report/blocks-html.ts';
import { blocksText } from '../report/blocks-text.ts';
import { CARD_END, mailDocument, section } from '../report/document.ts';
import { longDate, shortDate } from '../report/format.ts';
import { type Html, html, visible } from '../report/html.ts';
import { COLOUR, FONT, type Tone, toneStyle } from '../report/style.ts';
import { edges, rule, tidy, wrap } from '../report/text-layout.ts';
import type { RenderedMail } from '../report/view.ts';
import { incidentBlocks } from './blocks.ts';
import type { IncidentView } from './view.ts';

const BADGES: Record<IncidentNews, { label: string; tone: Tone }> = {
  opened: { label: 'Incident', tone: 'alert' },
  alert: { label: 'Incident not acknowledged', tone: 'alert' },
  acknowledged: { label: 'Incident acknowledged', tone: 'caution' },
  resolved: { label: 'Incident resolved', tone: 'good' },
};

/** To people of the team about an incident. Pure. */
export function renderIncident(view: IncidentView): RenderedMail {
  const blocks = incidentBlocks(view);
  return { subject: subjectOf(view), html: asHtml(view, blocks), text: asText(view, blocks) };
}

const whereOf = ({ client, exceptions }: IncidentView): string =>
  client?.name ?? `${new Set(exceptions.map((one) => one.client)).size} clients`;

/** "Incident (major): Online Retail, Wed 1 Dec 2010" */
function subjectOf(view: IncidentView): string {
  const { businessDate, news, severity } = view;
  const day = businessDate === null ? '' : `, ${shortDate(businessDate)} ${businessDate.slice(0, 4)}`;
  return visible(`${BADGES[news].label} (${severity}): ${whereOf(view)}${day}`);
}

const dayOf = ({ businessDate }: IncidentView): string =>
  businessDate === null ? 'One cause, several clients' : longDate(businessDate);

function asHtml(view: IncidentView, blocks: Block[]): string {
  return mailDocument({
    title: subjectOf(view),
    preheader: view.title,
    sections: [section(header(view), 28), ...blocksHtml(blocks), CARD_END],
    footer: html`${reference(view)}`,
  });
}

function header(view: IncidentView): Html {
  const { label, tone } = BADGES[view.news];
  return html`<div style="padding-bottom:8px;font-size:12px;line-height:20px;"><span class="${tone}" style="${toneStyle(tone)}display:inline-block;border-radius:11px;padding:1px 11px;font-weight:600;">${label}, ${view.severity}</span></div>
<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${whereOf(view)}: ${view.title}</h1>
<div class="muted" style="font-size:14px;line-height:21px;color:${COLOUR.muted};">${dayOf(view)}</div>`;
}

function asText(view: IncidentView, blocks: Block[]): string {
  return tidy([
    ...wrap(`${whereOf(view)}: ${view.title}`.toUpperCase()),
    ...edges(dayOf(view), `${BADGES[view.news].label}, ${view.severity}`),
    rule(),
    ...blocksText(blocks),
    '',
    rule(),
    ...wrap(reference(view)),
  ]);
}

const reference = ({ incidentId, recipient }: IncidentView): string =>
  `Incident ${incidentId}. Sent to ${recipient.name}, times in ${recipient.timezone}.`;
