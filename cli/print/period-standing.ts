import type { CloseDocument } from '../documents.ts';
import { words } from '../text.ts';
import { toned } from './table.ts';
import { amount } from './values.ts';

type Standing = NonNullable<CloseDocument['period']>;

/** A store is named where the client has several. */
function posted({ adjustments }: Standing): string {
  const several = new Set(adjustments.map((one) => one.store)).size > 1;
  const name = ({ metric, store }: Standing['adjustments'][number]) =>
    several && store !== '' ? `${metric} of ${store}` : metric;
  return adjustments
    .map((one) => `${name(one)} ${amount(one.amount, one.currency)} (in ${one.postedIn}, ${words(one.reason)})`)
    .join('; ');
}

/** That a day's month is closed, and what was posted about the day since. */
export function standingText(period: Standing | undefined): string | undefined {
  if (!period) return undefined;
  const what = `${period.month} is ${words(period.state)}`;
  if (period.adjustments.length === 0) return `${what}.`;
  return toned(`${what}; changed since by adjustments of ${posted(period)}.`, 'caution');
}
