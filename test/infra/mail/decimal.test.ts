import fc from 'fast-check';
import { parseDecimal, printUnsigned, proportion, roundTo } from '../../../infra/mail/report/decimal.ts';
import { printChange, printNumber } from '../../../infra/mail/report/format.ts';

const GBP = { currency: 'GBP', currencyDigits: 2 };

describe('exact decimals in a report', () => {
  test('a printed amount reads back as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (cents) => {
        const sign = cents < 0n ? '-' : '';
        const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
        const amount = `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        const printed = printNumber(amount, 'GBP', GBP);
        const back = printed.replaceAll(',', '').replace(/^\((.*)\)$/, '-$1');
        expect(back).toBe(amount);
      }),
    );
  });

  test('digits beyond the currency stay where they count and go where they are zero', () => {
    expect(printNumber('2.5535', 'GBP', GBP)).toBe('2.5535');
    expect(printNumber('2.5500', 'GBP', GBP)).toBe('2.55');
    expect(printNumber('1000', 'GBP', GBP)).toBe('1,000.00');
  });

  test('percentages round half away from zero to one decimal and carry their sign', () => {
    expect(printChange('12.35')).toBe('+12.4\u00A0%');
    expect(printChange('-12.35')).toBe('\u221212.4\u00A0%');
    expect(printChange('-0.04')).toBe('0.0\u00A0%');
  });

  test('rounding moves a value by at most half a unit', () => {
    expect(roundTo(parseDecimal('0.5'), 0).units).toBe(1n);
    expect(roundTo(parseDecimal('-0.5'), 0).units).toBe(-1n);
    expect(roundTo(parseDecimal('0.49'), 0).units).toBe(0n);
    expect(printUnsigned(roundTo(parseDecimal('7'), 2))).toBe('7.00');
  });

  test('a bar is never longer than the largest and never vanishes for a value', () => {
    expect(proportion(parseDecimal('0.01'), parseDecimal('1000000'), 100)).toBe(1);
    expect(proportion(parseDecimal('1000000'), parseDecimal('1000000'), 100)).toBe(100);
    expect(proportion(parseDecimal('0'), parseDecimal('1'), 100)).toBe(0);
  });
});
