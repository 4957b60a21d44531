import { eventWords, type ToldEvent } from '../../../domain/routing/words.ts';
import { type Block, heading, list, paragraph } from '../report/blocks.ts';
import { blocksHtml } from '../report/blocks-html.ts';
import { blocksText } from '../report/blocks-text.ts';
import { CARD_END, mailDocument, section } from '../report/document.ts';
import { longDate, shortDate } from '../report/format.ts';
import { html, visible } from '../report/html.ts';
import { COLOUR, FONT } from '../report/style.ts';
import { rule, tidy, wrap } from '../report/text-layout.ts';
import type { RenderedMail } from '../report/view.ts';

export type EventsView = { client: { id: string; name: string }; events: readonly ToldEvent[] };

/** So many are written out; the others are counted. */
const MOST = 60;
const WHY = 'You get this because the routing rules of the client send it to you.';

/** A short mail about what happened to a client, by the routing rules. Pure. */
export function renderEvents(view: EventsView): RenderedMail {
  const blocks = blocksOf(view);
  return { subject: subjectOf(view), html: asHtml(view, blocks), text: asText(view, blocks) };
}

const datesOf = ({ events }: EventsView): (string | null)[] => [...new Set(events.map((one) => one.businessDate))];

/** "Corner Shop, Mon 2 Mar: 3 events" */
function subjectOf(view: EventsView): string {
  const [date, ...others] = datesOf(view);
  const day = date && others.length === 0 ? `, ${shortDate(date)}` : '';
  const { events, client } = view;
  return visible(`${client.name}${day}: ${events.length === 1 ? eventWords(events[0]!) : `${events.length} events`}`);
}

function blocksOf(view: EventsView): Block[] {
  const shown = view.events.slice(0, MOST);
  const left = view.events.length - shown.length;
  const days = Map.groupBy(shown, (one) => one.businessDate);
  const sections = [...days].flatMap(([date, events]) => [
    heading(date === null ? 'No single day' : longDate(date)),
    list(events.map(eventWords)),
  ]);
  return left === 0 ? sections : [...sections, paragraph(`And ${left} more.`)];
}

function asHtml(view: EventsView, blocks: Block[]): string {
  const title = html`<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${view.client.name}</h1>`;
  return mailDocument({
    title: subjectOf(view),
    preheader: eventWords(view.events[0]!),
    sections: [section(title, 28), ...blocksHtml(blocks), CARD_END],
    footer: html`${WHY}`,
  });
}

const asText = (view: EventsView, blocks: Block[]): string =>
  tidy([...wrap(view.client.name.toUpperCase()), rule(), ...blocksText(blocks), '', rule(), ...wrap(WHY)]);
