import type { IncidentOutcome } from '../../../domain/incident/outcome.ts';
import { type Block, heading, list, paragraph } from '../report/blocks.ts';
import { blocksHtml } from '../report/blocks-html.ts';
import { blocksText } from '../report/blocks-text.ts';
import { CARD_END, mailDocument, section } from '../report/document.ts';
import { instantIn, longDate, shortDate } from '../report/format.ts';
import { type Html, html, visible } from '../report/html.ts';
import { COLOUR, FONT } from '../report/style.ts';
import { rule, tidy, wrap } from '../report/text-layout.ts';
import type { RenderedMail } from '../report/view.ts';
import type { OutsideView } from './outside-view.ts';

/** What came of it, in the words of somebody who reads the numbers. */
const OUTCOMES: Readonly<Record<IncidentOutcome, string>> = {
  mended: 'What was wrong has been set right. The withheld numbers come with the report of the day.',
  accepted:
    'The numbers were checked and are accepted as they are. The withheld numbers come with the report of the day.',
  kept: 'The numbers were checked and stay as they were published.',
  rejected: 'The numbers of the day could not be relied on, and are not published.',
  unsettled: 'The numbers are still being checked. They go out with the day when that is done.',
};

/** To a reader outside the team about an incident of their day: what is affected, and how it stands. Pure. */
export function renderOutside(view: OutsideView): RenderedMail {
  const blocks = outsideBlocks(view);
  return { subject: subjectOf(view), html: asHtml(view, blocks), text: asText(view, blocks) };
}

const titleOf = ({ news, outcome }: OutsideView): string =>
  news === 'resolved' && outcome !== 'unsettled' ? 'the check of the numbers has ended' : 'numbers are being checked';

/** "Corner Shop, Tue 31 Mar 2026: numbers are being checked" */
const subjectOf = (view: OutsideView): string =>
  visible(`${view.client}, ${shortDate(view.businessDate)} ${view.businessDate.slice(0, 4)}: ${titleOf(view)}`);

function outsideBlocks(view: OutsideView): Block[] {
  const since = `Since ${instantIn(view.openedAt, view.recipient.timezone)} we are checking something about this day.`;
  return [
    ...(view.news === 'resolved'
      ? [paragraph(OUTCOMES[view.outcome], view.outcome === 'unsettled' ? 'caution' : 'good')]
      : [paragraph(`${since} It is being worked on, and you hear from us when it is over.`, 'caution')]),
    ...affected(view),
  ];
}

function affected({ news, withheld }: OutsideView): Block[] {
  const isOver = news === 'resolved';
  if (withheld.length === 0) return [paragraph(`No number of the day ${isOver ? 'was' : 'is'} withheld for it.`)];
  return [heading(isOver ? 'What was withheld' : 'What is withheld until then'), list([...withheld])];
}

function asHtml(view: OutsideView, blocks: Block[]): string {
  const title: Html = html`<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${view.client}: ${titleOf(view)}</h1>
<div class="muted" style="font-size:14px;line-height:21px;color:${COLOUR.muted};">${longDate(view.businessDate)}</div>`;
  return mailDocument({
    title: subjectOf(view),
    preheader: titleOf(view),
    sections: [section(title, 28), ...blocksHtml(blocks), CARD_END],
    footer: html`${reference(view)}`,
  });
}

const asText = (view: OutsideView, blocks: Block[]): string =>
  tidy([
    ...wrap(`${view.client}: ${titleOf(view)}`.toUpperCase()),
    ...wrap(longDate(view.businessDate)),
    rule(),
    ...blocksText(blocks),
    '',
    rule(),
    ...wrap(reference(view)),
  ]);

const reference = ({ incidentId, recipient }: OutsideView): string =>
  `Reference ${incidentId}. Sent to ${recipient.name}, times in ${recipient.timezone}.`;
