import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../domain/duration.ts';

const HOUR = 3_600_000;

describe('durations', () => {
  test.each([
    ['4h', 4 * HOUR],
    ['10s', 10_000],
    ['1m', 60_000],
    ['250ms', 250],
    ['1.5h', 1.5 * HOUR],
    ['1h30m', 1.5 * HOUR],
    ['1h 30m', 1.5 * HOUR],
    ['90 minutes', 1.5 * HOUR],
    ['1 hour', HOUR],
    ['2 Hours', 2 * HOUR],
    ['3 days', 72 * HOUR],
    ['1w', 168 * HOUR],
    ['PT4H', 4 * HOUR],
    ['P1DT2H', 26 * HOUR],
    ['0s', 0],
  ])('%s is %i ms of elapsed time', (text, ms) => expect(parseDuration(text)).toEqual({ ms, working: false }));

  test.each([
    ['2 working hours', 2 * HOUR],
    ['1 working hour', HOUR],
    ['30 working minutes', HOUR / 2],
    ['1.5 working hours', 1.5 * HOUR],
  ])('%s is %i ms while somebody works', (text, ms) => expect(parseDuration(text)).toEqual({ ms, working: true }));

  test.each([
    '',
    '4',
    'h',
    '4 parsecs',
    '-4h',
    '4h later',
    '4h 2h',
    '1 working day',
    'P1M',
    'P1Y',
    'PT',
    'p',
    '1e3h',
    '4h,30m',
  ])('"%s" is refused with what to write', (text) => expect(() => parseDuration(text)).toThrow('Write one such as 4h'));

  test('more than ten years, or a text that never ends, is refused', () => {
    expect(() => parseDuration('99999 days')).toThrow('longer than ten years');
    expect(() => parseDuration(`${'1h '.repeat(10_000)}`)).toThrow('too long');
  });

  test('are shown in words that read back as the same duration', () => {
    expect(formatDuration(parseDuration('PT26H'))).toBe('1 day 2 hours');
    expect(formatDuration(parseDuration('1.5 working hours'))).toBe('1 working hour 30 minutes');
    const durations = fc.record({ ms: fc.integer({ min: 0, max: 9e10 }), working: fc.constant(false) });
    const working = fc.integer({ min: 0, max: 1e6 }).map((minutes) => ({ ms: minutes * 60_000, working: true }));
    fc.assert(
      fc.property(fc.oneof(durations, working), (one) => expect(parseDuration(formatDuration(one))).toEqual(one)),
    );
  });
});
