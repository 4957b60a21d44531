import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';

const UNFORESEEN = 'an error that nobody foresaw';
const LONGEST = 200;

/** Why a delivery was given up that an error of our own kept from being sent, or from being recorded. */
export const unforeseenWords = (error: unknown): string =>
  `${UNFORESEEN}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, LONGEST)}`;

/** Says what is not with whom. The same failure says the same, because an acceptance is bound to these words. */
export function undeliveredWords(
  one: KeptDelivery,
  { status, why }: { status: 'failed' | 'uncertain'; why: string },
): string {
  const what = `The ${one.kind} for ${one.destination_id}`;
  if (why.startsWith(UNFORESEEN)) return `${what} was given up by ${why.replace(/\.?$/, '.')}`;
  if (status === 'uncertain')
    return `${what} may not have been delivered: its receiver is to get it at most once, and a try ended without an answer.`;
  if (one.channel === 'email') return `${what} could not be delivered: the mail server did not take it.`;
  if (why.startsWith('MESHLINE_SECRET_')) return `${what} could not be delivered: ${why}.`;
  return `${what} could not be delivered: its receiver did not take it.`;
}
