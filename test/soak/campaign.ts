import { addDays } from '../../domain/business-day.ts';

/**
 * On which nights after its own a day's figures are moved once more, as an advertising platform restates what it
 * claims.
 */
export const RESTATED_AFTER = [1, 2, 3, 5, 8, 13, 21, 27];

const CENTS_A_NIGHT = 37;

/** What a client's campaign is said to have cost on a day, in cents, by the night that the platform is asked in. */
export function spendCents(client: number, day: number, night: number): number {
  const moves = RESTATED_AFTER.filter((after) => after <= night - day).length;
  return 10_000 + client * 100 + day * 10 + moves * CENTS_A_NIGHT * (day % 2 === 0 ? 1 : -1);
}

/** Days whose figures are others in a night than in the one before. */
export const daysMoved = (night: number): number[] =>
  RESTATED_AFTER.map((after) => night - after).filter((day) => day >= 0);

/** What the shop sold on a day, in cents: it does not move. */
export const salesCents = (client: number, day: number): number => 50_000 + client * 1_000 + day * 100;

const amount = (cents: number): string => (cents / 100).toFixed(2);

/** The platform's export of a night: every day so far, as it is claimed now. */
export function adsFile(client: number, first: string, night: number): string {
  const days = Array.from({ length: night + 1 }, (_, day) => day);
  const rows = days.map((day) => `${addDays(first, day)} 00:00:00,spring,${amount(spendCents(client, day, night))}`);
  return ['day_start,campaign,spend', ...rows, ''].join('\n');
}

/** The shop's one order of a day. */
export const order = (client: number, first: string, day: number) => ({
  id: `o-${day}`,
  at: `${addDays(first, day)}T16:00:00Z`,
  amount: amount(salesCents(client, day)),
});

/** Spend and what comes of it, as a published number says it: micros of the client's currency. */
export const spendMicros = (client: number, day: number, night: number): bigint =>
  BigInt(spendCents(client, day, night)) * 10_000n;
