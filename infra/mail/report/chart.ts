import { type Decimal, parseDecimal, proportion } from './decimal.ts';
import { calendarDay, DASH, type MoneyFormat, printWithCode, shortDate } from './format.ts';
import { type Html, html } from './html.ts';
import { COLOUR, FONT } from './style.ts';
import type { ChartPoint, ReportChart } from './view.ts';

const HEIGHT_PX = 112;

/** A table of bars, days side by side, deductions below the axis; its text alternative lists every day. */
export function chartTable(chart: ReportChart, money: MoneyFormat): Html {
  const scale = barScale(chart.points);
  const last = chart.points.length - 1;
  const cells = (cell: (point: ChartPoint, isLast: boolean) => Html) => chart.points.map((p, i) => cell(p, i === last));
  const above = html`<tr>${cells((point, isLast) => barAbove(point, scale, isLast, chart, money))}</tr>`;
  const below = html`<tr>${cells((point) => barBelow(point, scale, chart, money))}</tr>`;
  return html`<table role="img" aria-label="${chartInWords(chart, money)}" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;">
${scale.aboveHeight > 0 ? above : null}
<tr><td class="axis" colspan="${chart.points.length}" height="1" style="height:1px;font-size:0;line-height:0;background-color:#9aa7b6;">&nbsp;</td></tr>
${scale.belowHeight > 0 ? below : null}
<tr>${cells(dayLabel)}</tr>
</table>`;
}

/** "Wed 1 Dec GBP 58,635.56; Thu 2 Dec closed; …" */
export function chartInWords(chart: ReportChart, money: MoneyFormat): string {
  const days = chart.points.map((point) => `${shortDate(point.date)} ${pointInWords(point, chart, money)}`);
  return `${chart.title}: ${days.join('; ')}.`;
}

export function pointInWords(point: ChartPoint, chart: ReportChart, money: MoneyFormat): string {
  return point.value === null ? (point.note ?? 'no number') : printWithCode(point.value, chart.currency, money);
}

/** "Highest Fri 10 Dec GBP 55,072.02, lowest Sun 12 Dec GBP 17,240.92. No number: Sat 4 Dec (closed)." */
export function chartCaption(chart: ReportChart, money: MoneyFormat): string {
  const known = chart.points.filter((point) => point.value !== null).sort(byValue);
  const say = (point: ChartPoint) => `${shortDate(point.date)} ${pointInWords(point, chart, money)}`;
  const [lowest, highest] = [known.at(0), known.at(-1)];
  const range = lowest && highest && lowest !== highest ? `Highest ${say(highest)}, lowest ${say(lowest)}.` : '';
  const gaps = chart.points.filter((point) => point.value === null).map(gapInWords);
  return `${range}${gaps.length === 0 ? '' : ` No number: ${gaps.join(', ')}.`}`.trim();
}

/** The largest bar upwards and downwards; both directions share one scale. */
export interface BarScale {
  largest: Decimal;
  aboveHeight: number;
  belowHeight: number;
}

export function barScale(points: readonly ChartPoint[], height = HEIGHT_PX): BarScale {
  const values = points.flatMap((point) => (point.value === null ? [] : [parseDecimal(point.value)]));
  const top = largestOf(values.filter((value) => value.units > 0n));
  const bottom = largestOf(values.filter((value) => value.units < 0n));
  const largest = largestOf([top, bottom]);
  return { largest, aboveHeight: proportion(top, largest, height), belowHeight: proportion(bottom, largest, height) };
}

function barAbove(point: ChartPoint, scale: BarScale, isLast: boolean, chart: ReportChart, money: MoneyFormat): Html {
  const value = point.value === null ? null : parseDecimal(point.value);
  const height = value === null || value.units <= 0n ? 0 : proportion(value, scale.largest, HEIGHT_PX);
  const colour = isLast ? COLOUR.accent : COLOUR.bar;
  const content = value === null ? gap() : bar(height, colour, isLast ? 'today' : 'bar', '3px 3px 0 0');
  return html`<td title="${tooltip(point, chart, money)}" height="${scale.aboveHeight}" valign="bottom" align="center" style="height:${scale.aboveHeight}px;padding:0 2px;vertical-align:bottom;">${content}</td>`;
}

function barBelow(point: ChartPoint, scale: BarScale, chart: ReportChart, money: MoneyFormat): Html {
  const value = point.value === null ? null : parseDecimal(point.value);
  const height = value === null || value.units >= 0n ? 0 : proportion(value, scale.largest, HEIGHT_PX);
  return html`<td title="${tooltip(point, chart, money)}" height="${scale.belowHeight}" valign="top" align="center" style="height:${scale.belowHeight}px;padding:0 2px;vertical-align:top;">${bar(height, COLOUR.negative, 'negative', '0 0 3px 3px')}</td>`;
}

/** A nested table, for Outlook on Windows gives a height to nothing else. */
function bar(height: number, colour: string, kind: string, radius: string): Html {
  if (height === 0) return html``;
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="${kind}" height="${height}" style="height:${height}px;font-size:0;line-height:0;background-color:${colour};border-radius:${radius};">&nbsp;</td></tr></table>`;
}

function gap(): Html {
  return html`<span class="muted" style="${FONT}font-size:12px;line-height:16px;color:${COLOUR.muted};">${DASH}</span>`;
}

function dayLabel(point: ChartPoint, isLast: boolean): Html {
  const day = calendarDay(point.date);
  const weight = isLast ? 'font-weight:700;' : '';
  const colour = isLast ? COLOUR.ink : COLOUR.muted;
  return html`<td align="center" class="${isLast ? 'ink' : 'muted'}" style="padding:6px 0 0;${FONT}font-size:11px;line-height:14px;color:${colour};${weight}">${day.toFormat('ccccc')}<br>${day.day}</td>`;
}

function tooltip(point: ChartPoint, chart: ReportChart, money: MoneyFormat): string {
  return `${shortDate(point.date)}: ${pointInWords(point, chart, money)}`;
}

function gapInWords(point: ChartPoint): string {
  return point.note === null ? shortDate(point.date) : `${shortDate(point.date)} (${point.note})`;
}

function byValue(a: ChartPoint, b: ChartPoint): number {
  return compare(parseDecimal(a.value ?? '0'), parseDecimal(b.value ?? '0'));
}

function compare(a: Decimal, b: Decimal): number {
  const difference = a.units * 10n ** BigInt(b.scale) - b.units * 10n ** BigInt(a.scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function largestOf(values: readonly Decimal[]): Decimal {
  const sizes = values.map(({ units, scale }) => ({ units: units < 0n ? -units : units, scale }));
  return sizes.sort(compare).at(-1) ?? { units: 0n, scale: 0 };
}
