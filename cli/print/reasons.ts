import { cleanLine } from '../text.ts';

const WORDS: Readonly<Record<string, string>> = {
  month_locked: 'its month was locked without it',
  insufficient_history: 'there is not enough customer history before this day to tell new from returning',
  no_currency_rate: 'no rate to the currency of the client is stored for this day',
};

/** Why a number is withheld or lapsed, as the report's mail says it; --json has the code. */
export const reasonText = (reason: string): string => WORDS[reason] ?? cleanLine(reason);
