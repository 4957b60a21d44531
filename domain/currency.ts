/**
 * Codes and minor digits of ISO 4217, list one, as published by SIX on behalf of ISO on 2024-06-25. Taken from there and
 * not from `Intl`, whose digits are those of cash and differ (COP, HUF, IDR, PKR and others).
 */
const TWO_DIGITS =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW ' +
  'CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ' +
  'ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
  'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG';
const OTHER_DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DIGITS = new Map<string, number>(TWO_DIGITS.split(' ').map((code) => [code, 2]));
for (const [digits, codes] of Object.entries(OTHER_DIGITS))
  for (const code of codes.split(' ')) DIGITS.set(code, Number(digits));

/** Whether amounts can be published in it: a code of the list that has minor digits (gold, `XAU`, has none). */
export const isCurrency = (code: string): boolean => DIGITS.has(code);

/** Decimals to which amounts of a currency are published. Throws RangeError for a code that `isCurrency` refuses. */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits !== undefined) return digits;
  throw new RangeError(`"${currency}" is no currency of ISO 4217 with minor digits. Use a code such as GBP.`);
}
