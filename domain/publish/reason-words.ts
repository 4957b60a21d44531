const WORDS: Readonly<Record<string, string>> = {
  month_locked: 'its month was locked without it',
  insufficient_history: 'there is not enough customer history before this day to tell new from returning',
  no_currency_rate: 'no rate to the currency of the client is stored for this day',
};

/** Why a number is withheld, in words; the message of a finding is in words already. */
export const reasonWords = (reason: string): string => WORDS[reason] ?? reason;
