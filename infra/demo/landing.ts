import type { Dice } from './dice.ts';

type Arrival = { weight: number; query: string };

/** How people reach a shop; campaigns are those of a small brand with a search, a social and a mail budget. */
const ARRIVALS: readonly Arrival[] = [
  { weight: 22, query: '' },
  { weight: 14, query: 'utm_source=google&utm_medium=cpc&utm_campaign=brand-search&gclid=' },
  { weight: 12, query: 'utm_source=google&utm_medium=cpc&utm_campaign=shopping-best-sellers&gclid=' },
  { weight: 14, query: 'utm_source=facebook&utm_medium=paid_social&utm_campaign=prospecting-lookalike&fbclid=' },
  { weight: 8, query: 'utm_source=instagram&utm_medium=paid_social&utm_campaign=retargeting-14d&fbclid=' },
  { weight: 5, query: 'utm_source=tiktok&utm_medium=paid_social&utm_campaign=creator-spark' },
  { weight: 12, query: 'utm_source=klaviyo&utm_medium=email&utm_campaign=weekly-edit' },
  { weight: 5, query: 'utm_source=klaviyo&utm_medium=email&utm_campaign=abandoned-basket' },
  { weight: 5, query: 'utm_source=google&utm_medium=organic' },
  { weight: 3, query: 'utm_source=partnerize&utm_medium=affiliate&utm_campaign=editorial' },
];
const WEIGHTS = ARRIVALS.map((arrival) => arrival.weight);

/** The page and query that an order's visit began with. Click ids follow a campaign that has them. */
export function landingSite(dice: Dice, sku: string): string {
  const { query } = ARRIVALS[dice.weighted(WEIGHTS)]!;
  const page = dice.chance(1, 3) ? '/' : `/products/${sku.toLowerCase()}`;
  if (query === '') return page;
  const clickId = query.endsWith('=') ? dice.between(1e8, 2e9).toString(36) + dice.between(1e8, 2e9).toString(36) : '';
  return `${page}?${query}${clickId}`;
}
