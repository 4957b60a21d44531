import type { CurrencyRate, OperatingModel } from '../schemas/operating-model.ts';
import { minorDigits } from './currency.ts';
import { decimalOf, divideRounded, power10 } from './decimal.ts';

const MICRO_DIGITS = 6;
type Rated = Pick<OperatingModel, 'client' | 'stores' | 'currencyRates'>;

/** Currencies of stores that are not the client's, each once. */
function foreignCurrencies({ client, stores }: Rated): string[] {
  return [...new Set(stores.map((store) => store.currency))].filter((currency) => currency !== client.currency);
}

/** The rate from a currency to the client's that holds on a business day: the one with the latest `since` up to it. */
function rateOn(model: Rated, from: string, date: string): CurrencyRate | undefined {
  const holding = model.currencyRates.filter((one) => one.from === from && one.since <= date);
  return holding.reduce<CurrencyRate | undefined>(
    (latest, one) => (latest === undefined || one.since > latest.since ? one : latest),
    undefined,
  );
}

/** The rates that a client's totals of a day are made with: part of what their certificates rest on. */
export const ratesOn = (model: Rated, date: string): CurrencyRate[] =>
  foreignCurrencies(model).flatMap((currency) => rateOn(model, currency, date) ?? []);

/** Currencies of stores that no stored rate leads from on a day: without it there is no total of the client. */
export const missingRates = (model: Rated, date: string): string[] =>
  foreignCurrencies(model).filter((currency) => rateOn(model, currency, date) === undefined);

/**
 * Converts an amount and rounds it once, half away from zero, to the digits of the client's currency. Null where no
 * rate is stored for the day.
 */
export function converter(model: Rated, date: string): (micros: bigint, from: string) => bigint | null {
  const step = power10(MICRO_DIGITS - minorDigits(model.client.currency));
  return (micros, from) => {
    if (from === model.client.currency) return micros;
    const rate = rateOn(model, from, date);
    if (!rate) return null;
    const { units, scale } = decimalOf(rate.rate);
    return divideRounded(micros * units, power10(scale) * step) * step;
  };
}
