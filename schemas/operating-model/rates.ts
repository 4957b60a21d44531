import Type, { type Static } from 'typebox';
import { closed, currency, date, decimal, text } from './parts.ts';

const currencyRate = closed(
  {
    from: currency('Currency of a store.'),
    to: currency('Currency of the client.'),
    rate: decimal('What one unit of `from` is worth in `to`, such as "0.73".'),
    source: text('Where the rate comes from, such as "ECB reference rate".'),
    since: date('First business day that it holds for, until a later one of the same currencies.'),
  },
  { description: 'A rate between two currencies, from a day on.' },
);
export type CurrencyRate = Static<typeof currencyRate>;

export const currencyRates = Type.Array(currencyRate, {
  description:
    'Stored rates at which the numbers of stores in other currencies enter the totals of the client. On a business day, the rate with the latest `since` up to that day holds.',
});
