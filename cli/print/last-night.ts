import type { CloseDocument } from '../documents.ts';
import { plural } from '../text.ts';
import { heading, page, right, table } from './table.ts';
import { amount, day, state } from './values.ts';

const HEADLINES = ['net_sales', 'gross_sales'];

function headline({ metrics }: CloseDocument): string {
  const [found] = HEADLINES.flatMap((id) => metrics.find(({ metric, slice }) => metric === id && slice === null) ?? []);
  return found?.status === 'published' ? amount(found.value, found.currency) : 'withheld';
}

/** Why a day is not simply published, in a few words. */
function note({ metrics, exceptions, controls }: CloseDocument): string {
  const [exception] = exceptions;
  if (exception) return `${exception.owner} is asked: ${exception.metric ?? exception.kind}`;
  const withheld = new Set(metrics.flatMap(({ status, metric }) => (status === 'withheld' ? [metric] : [])));
  if (withheld.size > 0) return `withheld: ${[...withheld].join(', ')}`;
  return controls.every(({ status }) => status === 'matched') ? 'reconciled' : 'not reconciled';
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
