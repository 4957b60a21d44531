import { DateTime } from 'luxon';
import type { Dice } from './dice.ts';
import { dayNumber } from './local-day.ts';
import type { Shop } from './shop.ts';

const FORTNIGHT = 14;
const PROMOTION_DAYS = 3;
const PROMOTION_PERMILLE = 1550;
/** By how much a shop has grown at the end of a year. */
const GROWTH_PERMILLE = 150;
const NOISE_PERMILLE = 80;

/** Whether a promotion runs. It is anchored in the calendar, so any fourteen nights hold all of its days. */
export function isPromotion(shop: Pick<Shop, 'promotionFrom'>, date: string): boolean {
  if (shop.promotionFrom === null) return false;
  return (dayNumber(date) - shop.promotionFrom + FORTNIGHT) % FORTNIGHT < PROMOTION_DAYS;
}

/** Orders of a day: the average by weekday, grown through the year, lifted by a promotion, and never quite the same. */
export function ordersOf(shop: Shop, date: string, dice: Dice): number {
  const day = DateTime.fromISO(date, { zone: 'utc' });
  const weekday = shop.week[day.weekday - 1]!;
  const growth = 1000 + Math.trunc((GROWTH_PERMILLE * day.ordinal) / 365);
  const lift = isPromotion(shop, date) ? PROMOTION_PERMILLE : 1000;
  const noise = dice.between(1000 - NOISE_PERMILLE, 1000 + NOISE_PERMILLE);
  return Math.round((shop.usualOrders * weekday * growth * lift * noise) / 1e12);
}
