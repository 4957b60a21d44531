import type { CloseControl, CloseDocument, CloseException, CloseMetric } from '../documents.ts';
import { plural, words } from '../text.ts';
import { isOpen } from './next.ts';
import { reasonText } from './reasons.ts';
import { heading, page, right, table } from './table.ts';
import { amount, day, state } from './values.ts';

const HEADLINES = ['net_sales', 'gross_sales'];

function headline({ metrics }: CloseDocument): string {
  const [found] = HEADLINES.flatMap((id) => metrics.find(({ metric, slice }) => metric === id && slice === null) ?? []);
  return found?.status === 'published' ? amount(found.value, found.currency) : 'withheld';
}

/** `16 % of 20,000.07`, where there is a total that the difference is a part of. */
function shareText({ difference, theirs }: CloseControl): string {
  const percent = Math.round(Math.abs((100 * Number(difference)) / Number(theirs)));
  return theirs === null || Number(theirs) === 0 || percent < 1 ? '' : ` (${percent} % of ${amount(theirs)})`;
}

/** By how much the one control of a metric differs; empty where none does, or several. */
function differenceText({ controls, metrics }: CloseDocument, metric: string): string {
  const [control, another] = controls.filter((one) => one.metric === metric && one.status === 'difference');
  if (!control || another || control.difference === null) return '';
  const currency = control.store ? null : metrics.find((one) => one.currency !== null)?.currency;
  return ` differs by ${amount(control.difference, currency)}${shareText(control)}`;
}

function askedText(night: CloseDocument, { owner, metric, kind }: CloseException): string {
  const what = metric === null ? words(kind) : `${metric}${differenceText(night, metric)}`;
  return `${owner} is asked: ${what}`;
}

function withheldText(metrics: readonly CloseMetric[]): string {
  const byReason = Map.groupBy(metrics, ({ reason }) => (reason ? reasonText(reason) : ''));
  const held = [...byReason].map(([reason, of]) => {
    const names = [...new Set(of.map(({ metric }) => metric))].join(', ');
    return reason === '' ? names : `${names}: ${reason}`;
  });
  return `withheld: ${held.join('; ')}`;
}

/** What the certificates say: a number that nothing was compared with is in none of these. */
function certifiedText(metrics: readonly CloseMetric[]): string {
  const certified = metrics.filter(({ certificate }) => certificate !== null && certificate !== 'unreconciled');
  const byCertificate = Map.groupBy(certified, ({ certificate }) => certificate);
  const lines = [...byCertificate].map(
    ([certificate, of]) => `${[...new Set(of.map(({ metric }) => metric))].join(', ')} ${certificate}`,
  );
  return lines.length === 0 ? 'nothing to compare with' : lines.join('; ');
}

/** Why a day is as it is, in a few words. */
function note(night: CloseDocument): string {
  const exception = night.exceptions.find(isOpen);
  if (exception) return askedText(night, exception);
  const withheld = night.metrics.filter(({ status }) => status === 'withheld');
  return withheld.length > 0 ? withheldText(withheld) : certifiedText(night.metrics);
}

/** The last night of every client, as an operator sees it in the morning. */
export function lastNightText(nights: readonly CloseDocument[]): string {
  const rows = nights.map((one) => [one.client, state(one.status), right(headline(one)), note(one)]);
  const title = `Last night, ${day(nights[0]!.businessDate)}: ${plural(nights.length, 'client')}`;
  return page(heading(title), table(['Client', 'Status', 'Net sales', 'Why'], rows));
}

/** What to look at after the first nights. */
export function nextSteps(nights: readonly CloseDocument[]): string {
  const waiting = nights.find(({ status }) => status === 'waiting');
  const shown = waiting ?? nights[0]!;
  return [
    '',
    ...(waiting ? ['  npx meshline exceptions list'] : []),
    `  npx meshline close show --client ${shown.client} --date ${shown.businessDate}`,
    `  npx meshline audit show --client ${shown.client} --date ${shown.businessDate}`,
    '',
  ].join('\n');
}
