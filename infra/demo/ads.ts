import { amountText } from './amounts.ts';
import { csvText } from './csv.ts';
import type { Dice } from './dice.ts';
import type { Trade } from './shop.ts';

const CAMPAIGNS = [
  'brand-search',
  'shopping-best-sellers',
  'prospecting-lookalike',
  'retargeting-14d',
  'creator-spark',
];
/** Spend follows trade: so many units of the currency an order, spread over the campaigns by chance. */
const SPEND_AN_ORDER = { least: 18, most: 34 };
const UNITS_A_CLICK = 6;

/** What each campaign of a day cost, and how often it was clicked, as an advertising platform exports it. */
export function adsCsv(trade: Trade, dice: Dice): string {
  const rows = CAMPAIGNS.map((campaign) => {
    const cents = trade.sales.length * dice.between(SPEND_AN_ORDER.least * 100, SPEND_AN_ORDER.most * 100);
    return {
      day_start: `${trade.date} 00:00:00`,
      campaign,
      spend: amountText(BigInt(cents) * 10_000n, trade.shop.currency),
      clicks: String(Math.trunc(cents / 100 / UNITS_A_CLICK)),
    };
  });
  return csvText(['day_start', 'campaign', 'spend', 'clicks'], rows);
}
