import type { DraftModel } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { isCurrency } from '../currency.ts';
import { problem, quoted, type Rule, section, sound } from './rule.ts';

type Rate = DraftModel['currencyRates'][number];

function judgeRate({ from, to, rate }: Rate, at: Steps): readonly Problem[] {
  const unknown = isCurrency(from)
    ? []
    : [problem([...at, 'from'], quoted(from), 'a currency of ISO 4217, such as GBP')];
  const same = from === to ? [problem([...at, 'from'], quoted(from), 'another currency than that of the client')] : [];
  const positive = /^[0-9.]*[1-9]/.test(rate)
    ? []
    : [problem([...at, 'rate'], quoted(rate), 'more than zero, such as "0.73"')];
  return [...unknown, ...same, ...positive];
}

/** Rates lead to the currency of the client, and one holds on a day. */
export const ratesAreSound: Rule = (model, context) => {
  const client = section(model, 'client', context);
  const rates = sound(model, 'currencyRates', context);
  const days = rates.map(({ item }) => `${item.from}/${item.to}/${item.since}`);
  return rates.flatMap(({ item, at }, index) => {
    const elsewhere = client && item.to !== client.currency;
    const again = days.indexOf(days[index]!) < index;
    return [
      ...judgeRate(item, at),
      ...(elsewhere ? [problem([...at, 'to'], quoted(item.to), `${client.currency}, the currency of the client`)] : []),
      ...(again ? [problem([...at, 'since'], `${quoted(item.since)}, a second time`, 'one rate a day')] : []),
    ];
  });
};
