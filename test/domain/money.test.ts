import fc from 'fast-check';
import {
  formatExact,
  formatMicros,
  InexactAmountError,
  multiplyToMicros,
  parseMicros,
  roundMicros,
  shareOf,
} from '../../domain/money.ts';

const LARGEST = 2n ** 63n - 1n;
const micros = fc.bigInt({ min: -LARGEST, max: LARGEST });
const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);

/** A decimal of any length, with the fraction that it stands for. */
const decimal = fc
  .record({ units: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), scale: fc.integer({ min: 0, max: 12 }) })
  .map(({ units, scale }) => {
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return { text: units < 0n ? `-${text}` : text, units, scale };
  });

/** The product computed the plain way: multiply, then see whether micros hold it. */
function expectedProduct(factors: readonly { units: bigint; scale: number }[]): bigint | null {
  const units = factors.reduce((all, factor) => all * factor.units, 1n) * 10n ** 6n;
  const divisor = 10n ** BigInt(factors.reduce((all, factor) => all + factor.scale, 0));
  const value = units / divisor;
  return units % divisor === 0n && value <= LARGEST && value >= -LARGEST ? value : null;
}

describe('parseMicros', () => {
  test.each([
    ['0', 0n],
    ['-0.00', 0n],
    ['12.5', 12_500_000n],
    ['-0.000001', -1n],
    ['007.10', 7_100_000n],
    ['1.5000000000', 1_500_000n],
    ['9223372036854.775807', LARGEST],
    ['-9223372036854.775807', -LARGEST],
    ['999999999999999', null],
    ['0000000000000000000000001', 1_000_000n],
  ])('reads %s exactly or not at all', (text, expected) => {
    if (expected === null) expect(() => parseMicros(text)).toThrow(InexactAmountError);
    else expect(parseMicros(text)).toBe(expected);
  });

  test.each(['', '-', '.5', '5.', '1.2.3', '+1', '1e3', ' 1', '1 ', '1,50', '--1', '-.1', '٣', 'NaN', '1\n'])(
    'refuses %j',
    (text) => expect(() => parseMicros(text)).toThrow(InexactAmountError),
  );

  test('refuses a seventh decimal and says why', () => {
    expect(() => parseMicros('0.0000001')).toThrow('0.0000001 is no exact amount: it has more than six decimals');
  });

  test('refuses what a 64-bit column cannot hold', () => {
    expect(() => parseMicros('9223372036854.775808')).toThrow('larger than 9223372036854.775807');
  });

  test('reads back what formatExact writes', () => {
    fc.assert(fc.property(micros, (value) => parseMicros(formatExact(value)) === value));
  });
});

describe('multiplyToMicros', () => {
  test.each([
    [['2.5535', '12'], '30.642'],
    [['8000', '1.95'], '15600.00'],
    [['-1', '0.001', '0.001'], '-0.000001'],
    [['0.0000005', '2'], '0.000001'],
    [['80995', '2.08'], '168469.60'],
    [['0', '-5'], '0.00'],
  ])('%j makes %s', (factors, expected) => expect(formatExact(multiplyToMicros(factors))).toBe(expected));

  test('refuses a product that micros cannot hold, and names its factors', () => {
    expect(() => multiplyToMicros(['0.0001', '0.001'])).toThrow('0.0001 × 0.001 is no exact amount');
  });

  test('refuses to make an amount of no factors', () => {
    expect(() => multiplyToMicros([])).toThrow(InexactAmountError);
  });

  test('equals the exact product, or refuses where there is none', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 3 }), (factors) => {
        const expected = expectedProduct(factors);
        const texts = factors.map((factor) => factor.text);
        if (expected === null) expect(() => multiplyToMicros(texts)).toThrow(InexactAmountError);
        else expect(multiplyToMicros(texts)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('formatMicros', () => {
  test.each([
    [1_005_000n, 2, '1.01'],
    [-1_005_000n, 2, '-1.01'],
    [1_004_999n, 2, '1.00'],
    [-4_000n, 2, '0.00'],
    [-5_000n, 2, '-0.01'],
    [1_500_000n, 0, '2'],
    [-2_500_000n, 0, '-3'],
    [1_234_567n, 6, '1.234567'],
    [4_646_171_171_000n, 3, '4646171.171'],
  ])('%s micros to %i digits is %s', (value, digits, text) => expect(formatMicros(value, digits)).toBe(text));

  test('formatExact shows every digit that is needed, and at least two', () => {
    expect([0n, 10_000n, 4_646_171_171_000n, -1n, -1_500_000n].map(formatExact)).toEqual([
      '0.00',
      '0.01',
      '4646171.171',
      '-0.000001',
      '-1.50',
    ]);
  });

  test('rounding moves an amount by half a unit at most, and is symmetric', () => {
    fc.assert(
      fc.property(micros, fc.integer({ min: 0, max: 6 }), (value, digits) => {
        const step = 10n ** BigInt(6 - digits);
        const rounded = roundMicros(value, digits);
        const moved = rounded > value ? rounded - value : value - rounded;
        expect(rounded % step).toBe(0n);
        expect(moved * 2n <= step).toBe(true);
        expect(roundMicros(-value, digits)).toBe(-rounded);
      }),
    );
  });

  test('refuses digits that an amount does not have', () => {
    expect(() => roundMicros(1n, 7)).toThrow('0 to 6');
    expect(() => formatMicros(1n, -1)).toThrow(RangeError);
  });
});

describe('shareOf', () => {
  test('shares the discount of G24 before tax', () => {
    const [discount, tax] = shareOf(2_000_000n, [14_980_000n, 3_000_000n]);
    expect([formatMicros(discount!, 2), formatMicros(tax!, 2)]).toEqual(['1.67', '0.33']);
  });

  test('gives what is left over to the largest remainder, among equals to the first', () => {
    expect(shareOf(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(shareOf(-10n, [1n, 1n, 1n])).toEqual([-4n, -3n, -3n]);
    expect(shareOf(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(shareOf(1n, [1n, 1n])).toEqual([1n, 0n]);
  });

  test('shares evenly where every weight is zero', () => {
    expect(shareOf(5n, [0n, 0n])).toEqual([3n, 2n]);
  });

  test('refuses where there is nothing to share by', () => {
    expect(shareOf(0n, [])).toEqual([]);
    expect(() => shareOf(1n, [])).toThrow('0.000001 cannot be shared over nothing');
    expect(() => shareOf(1n, [3n, -3n])).toThrow('cancel out');
  });

  test('the shares sum to the total, and none is a micro or more away from the exact one', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { minLength: 1, maxLength: 12 }), (total, weights) => {
        const whole = sum(weights);
        fc.pre(whole !== 0n);
        const shares = shareOf(total, weights);
        expect(sum(shares)).toBe(total);
        shares.forEach((share, index) => {
          const off = share * whole - total * weights[index]!;
          expect((off < 0n ? -off : off) < (whole < 0n ? -whole : whole)).toBe(true);
        });
      }),
    );
  });

  test('a line without weight gets nothing, and a negative total mirrors a positive one', () => {
    fc.assert(
      fc.property(amount, fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 2 }), (total, some) => {
        const weights = [...some, 1n, 0n];
        const shares = shareOf(total, weights);
        expect(shares.at(-1)).toBe(0n);
        expect(shareOf(-total, weights)).toEqual(shares.map((share) => -share));
      }),
    );
  });
});
