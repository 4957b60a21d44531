import { headingText } from './blocks-text.ts';
import { type Column, type ColumnsRow, columnsTable } from './columns-table.ts';
import type { CorrectionItem, CorrectionView } from './correction-view.ts';
import {
  correctedValue,
  correctionLead,
  correctionName,
  reportedValue,
  signedChange,
  whatWasCorrected,
  whyWords,
} from './correction-words.ts';
import { CARD_END, mailDocument, section, sectionTitle } from './document.ts';
import { DASH, dayOfYear, longDate } from './format.ts';
import { type Html, html, visible } from './html.ts';
import { fitting } from './largest.ts';
import { pageLinkHtml, pageLinkText } from './page-link.ts';
import { COLOUR, FONT, toneStyle } from './style.ts';
import { edges, rule, table, tidy, wrap } from './text-layout.ts';
import type { RenderedMail } from './view.ts';

/**
 * To a destination that was told numbers that are others now: old, new and why. Pure: the same view gives the same
 * mail, byte for byte. Throws RangeError for an amount that is no decimal string, and for a view without items.
 */
export function renderCorrection(view: CorrectionView): RenderedMail {
  if (view.items.length === 0) throw new RangeError('A correction notice without a corrected number says nothing.');
  const items = view.items.toSorted((a, b) => a.businessDate.localeCompare(b.businessDate));
  const ordered = { ...view, items };
  return {
    subject: correctionSubject(ordered),
    html: fitting(items.length, (rows) => correctionHtml(ordered, rows)),
    text: correctionText(ordered),
  };
}

/** "Correction: Online Retail, net sales of Wed 1 Dec 2010" */
const correctionSubject = (view: CorrectionView): string =>
  visible(`Correction: ${view.client.name}, ${whatWasCorrected(view)}`);

const daysOf = (items: readonly CorrectionItem[]): [string, CorrectionItem[]][] => [
  ...Map.groupBy(items, (item) => item.businessDate),
];

function correctionHtml(view: CorrectionView, rows: number): string {
  const shown = view.items.slice(0, rows);
  const days = daysOf(shown).map(([date, items]) =>
    section(html`${sectionTitle(longDate(date))}${dayTable(items, view)}`),
  );
  return mailDocument({
    title: correctionSubject(view),
    preheader: correctionLead(view),
    sections: [
      section(correctionHeader(view), 28),
      ...days,
      ...restSection(view.items.length - shown.length),
      CARD_END,
    ],
    footer: html`${footerLines(view).map((line) => html`${line}<br>`)}${pageLinkHtml(view.pageUrl)}`,
  });
}

const COLUMNS: readonly Column[] = [
  { head: 'Reported', look: 'quiet' },
  { head: 'Now', look: 'strong' },
  { head: 'Change', look: 'plain', wide: true },
];

/**
 * The corrected numbers of one business day: what was reported, what holds now, and why, once for rows that share it.
 */
function dayTable(items: readonly CorrectionItem[], view: CorrectionView): Html {
  const rows = items.map((item, at): ColumnsRow => {
    const next = items[at + 1];
    const change = signedChange(item, view);
    return {
      name: correctionName(item),
      strong: false,
      small: `version ${item.version}`,
      narrow: `change ${change}`,
      figures: [reportedValue(item, view), correctedValue(item.new, item, view), change],
      note: next && whyWords(next) === whyWords(item) ? null : whyWords(item),
    };
  });
  return columnsTable(`Amounts in ${view.currency}`, COLUMNS, rows);
}

function restSection(rest: number): Html[] {
  if (rest === 0) return [];
  const numbers = `${rest} more ${rest === 1 ? 'number has' : 'numbers have'} changed`;
  return [section(html`${numbers}: the plain text part of this mail lists them all.`)];
}

function correctionHeader(view: CorrectionView): Html {
  return html`<div style="padding-bottom:8px;font-size:12px;line-height:20px;"><span class="caution" style="${toneStyle('caution')}display:inline-block;border-radius:11px;padding:1px 11px;font-weight:600;">Correction</span></div>
<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${view.client.name}</h1>
<p class="ink" style="margin:10px 0 0;${FONT}font-size:14px;line-height:21px;color:${COLOUR.ink};">${correctionLead(view)}</p>`;
}

function footerLines({ nightDate, ownerName }: CorrectionView): string[] {
  return [
    `Found in the night of ${dayOfYear(nightDate)}. ${ownerName} answers for these numbers.`,
    'Management information on the basis of orders; not audited.',
    'Figures in parentheses are deductions.',
  ];
}

function correctionText(view: CorrectionView): string {
  return tidy([
    ...edges(view.client.name.toUpperCase(), 'Correction'),
    rule(),
    ...wrap(correctionLead(view)),
    ...daysOf(view.items).flatMap(([date, items]) => [...headingText(longDate(date)), ...dayText(items, view)]),
    '',
    rule(),
    ...footerLines(view).flatMap((line) => wrap(line)),
    ...pageLinkText(view.pageUrl),
  ]);
}

function dayText(items: readonly CorrectionItem[], view: CorrectionView): string[] {
  const rows = items.map((item) => [
    `${correctionName(item)} (version ${item.version})`,
    ...[reportedValue(item, view), correctedValue(item.new, item, view), signedChange(item, view)].map((figure) =>
      figure.replace(DASH, '-'),
    ),
  ]);
  const reasons = Map.groupBy(items, whyWords);
  const why = [...reasons].flatMap(([words, of]) =>
    wrap(reasons.size === 1 ? words : `${of.map(correctionName).join('; ')}: ${words}`),
  );
  return [...table([`Amounts in ${view.currency}`, 'Reported', 'Now', 'Change'], rows), '', ...why];
}
