import { parseMicros } from '../../domain/money.ts';
import { compareToLimit, withinTolerance } from '../../domain/tolerance.ts';

const holds = (difference: string, theirs: string, tolerance: { absolute?: string; percent?: string }) =>
  withinTolerance(parseMicros(difference), parseMicros(theirs), tolerance);

describe('tolerance of a difference', () => {
  test('without a limit the totals must be equal to the last micro', () => {
    expect(holds('0', '100', {})).toBe(true);
    expect(holds('0.000001', '100', {})).toBe(false);
  });

  test.each([
    ['0.01', true],
    ['-0.01', true],
    ['0.010001', false],
    ['-0.010001', false],
  ])('an absolute limit of 0.01 on a difference of %s: %s', (difference, expected) => {
    expect(holds(difference, '58635.56', { absolute: '0.01' })).toBe(expected);
  });

  test.each([
    ['1', '1000', true],
    ['-1', '1000', true],
    ['1.000001', '1000', false],
    ['1', '-1000', true],
    ['0.333333', '333.333', true],
    ['0.333334', '333.333', false],
  ])('0.1 percent of the source-reported total: %s of %s is %s', (difference, theirs, expected) => {
    expect(holds(difference, theirs, { percent: '0.1' })).toBe(expected);
  });

  test('percent of a total of zero allows zero only', () => {
    expect(holds('0.000001', '0', { percent: '50' })).toBe(false);
    expect(holds('0', '0', { percent: '50' })).toBe(true);
  });

  test('either limit exceeded fails', () => {
    expect(holds('5', '1000', { absolute: '10', percent: '0.1' })).toBe(false);
    expect(holds('5', '1000', { absolute: '1', percent: '10' })).toBe(false);
    expect(holds('5', '1000', { absolute: '10', percent: '10' })).toBe(true);
  });

  test('amounts beyond the digits of a double are judged exactly', () => {
    expect(holds('9000000000.000001', '9000000000000', { percent: '0.1' })).toBe(false);
    expect(holds('9000000000', '9000000000000', { percent: '0.1' })).toBe(true);
  });

  test('a limit may have more decimals than micros', () => {
    expect(compareToLimit(1n, '0.0000001')).toBeGreaterThan(0);
    expect(compareToLimit(0n, '0.0000001')).toBeLessThan(0);
    expect(compareToLimit(-1n, '-0.000001')).toBe(0);
  });
});
