import { existsSync, readFileSync } from 'node:fs';
import { isCurrency, minorDigits } from '../../domain/currency.ts';

const LIST = '../shared/data/iso4217/list-one.xml';

function publishedDigits(): Map<string, string> {
  const entries = readFileSync(LIST, 'utf8').matchAll(/<Ccy>(\w+)<\/Ccy>[\s\S]*?<CcyMnrUnts>([^<]+)</g);
  return new Map([...entries].map(([, code, digits]) => [code!, digits!]));
}

describe('currency', () => {
  test.each([
    ['GBP', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['COP', 2],
    ['IDR', 2],
    ['PKR', 2],
  ])('%s is published to %i digits', (code, digits) => expect(minorDigits(code)).toBe(digits));

  test('refuses what is no currency, or has no minor digits', () => {
    for (const code of ['XAU', 'XXX', 'gbp', 'EURO', '', 'toString']) {
      expect(isCurrency(code)).toBe(false);
      expect(() => minorDigits(code)).toThrow(`"${code}" is no currency`);
    }
  });

  const withList = existsSync(LIST) ? test : test.skip;
  withList('agrees with every entry of the official list (skipped where the list is not beside the project)', () => {
    const published = publishedDigits();
    expect(published.size).toBe(179);
    for (const [code, digits] of published) {
      expect([code, isCurrency(code)]).toEqual([code, digits !== 'N.A.']);
      if (digits !== 'N.A.') expect([code, minorDigits(code)]).toEqual([code, Number(digits)]);
    }
  });
});
