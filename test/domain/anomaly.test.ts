import { judgeAnomaly, judgeSafetyBound } from '../../domain/anomaly.ts';
import { previousSameWeekdays } from '../../domain/business-day.ts';
import type { MetricDay } from '../../domain/metric-day.ts';
import { parseMicros } from '../../domain/money.ts';

const TUESDAY = '2026-03-10';

/** A day of net sales; `history` is of the Tuesdays before it, the nearest first. */
function day(value: string | null, history: readonly string[], more: Partial<MetricDay> = {}): MetricDay {
  const dates = previousSameWeekdays(TUESDAY, history.length);
  return {
    label: 'net_sales',
    date: TUESDAY,
    unit: 'money',
    currency: 'GBP',
    valueMicros: value === null ? null : parseMicros(value),
    closedDay: false,
    history: history.map((one, at) => ({ date: dates[at]!, valueMicros: parseMicros(one) })),
    ...more,
  };
}

const CALM = ['1000', '1020', '980', '1010', '990', '1005', '995', '1000'];

describe('anomaly', () => {
  test('a number 15 percent under its weekday is unusual where the weekday is calm', () => {
    const judged = judgeAnomaly({}, day('850', CALM));
    expect(judged.status).toBe('failed');
    expect(judged.message).toBe(
      'net_sales on Tuesday 2026-03-10 is 850.00 GBP; expected is 1000.00 GBP, between 868.75 GBP and 1131.25 GBP, by the 8 Tuesdays from 2026-01-13 to 2026-03-03',
    );
  });

  test('too much is as unusual as too little', () => {
    expect(judgeAnomaly({}, day('1150', CALM)).status).toBe('failed');
    expect(judgeAnomaly({}, day('1100', CALM)).status).toBe('passed');
  });

  test('one odd day in the history moves neither the middle nor the range', () => {
    const odd = ['90000', ...CALM.slice(1)];
    expect(judgeAnomaly({}, day('850', odd)).status).toBe('failed');
    expect(judgeAnomaly({}, day('1000', odd)).status).toBe('passed');
  });

  test('a weekday that varies much allows more', () => {
    const restless = ['1000', '1400', '700', '1200', '600', '900', '1300', '800'];
    expect(judgeAnomaly({}, day('850', restless)).status).toBe('passed');
  });

  test.each([
    ['low', '900', '800'],
    ['medium', '900', '850'],
    ['high', '950', '900'],
  ] as const)('sensitivity %s passes %s and fails %s', (sensitivity, usual, unusual) => {
    expect(judgeAnomaly({ sensitivity }, day(usual, CALM)).status).toBe('passed');
    expect(judgeAnomaly({ sensitivity }, day(unusual, CALM)).status).toBe('failed');
  });

  test('it learns until six of the weekday are published', () => {
    const judged = judgeAnomaly({}, day('1', CALM.slice(0, 5)));
    expect(judged.status).toBe('learning');
    expect(judged.message).toContain('judged from 6 published Tuesdays on, 5 are there');
    expect(judgeAnomaly({}, day('1', CALM.slice(0, 6))).status).toBe('failed');
  });

  test('the model says from how many days on it judges', () => {
    expect(judgeAnomaly({ minimumHistory: 9 }, day('1', CALM)).status).toBe('learning');
    expect(judgeAnomaly({ minimumHistory: 2 }, day('1', CALM.slice(0, 2))).status).toBe('failed');
  });

  test('a small change is never unusual', () => {
    const judged = judgeAnomaly({ ignoreBelow: '200' }, day('850', CALM));
    expect(judged.status).toBe('passed');
    expect(judged.message).toContain('a difference below 200 is ignored');
    expect(judgeAnomaly({ ignoreBelow: '150' }, day('850', CALM)).status).toBe('failed');
  });

  test('a history that never moved still allows a little', () => {
    const flat = Array.from({ length: 8 }, () => '1000');
    expect(judgeAnomaly({}, day('1100', flat)).status).toBe('passed');
    expect(judgeAnomaly({}, day('1200', flat)).status).toBe('failed');
  });

  test('a small count may vary by more than a share of it', () => {
    const orders = { unit: 'count', currency: null, label: 'orders' } as const;
    const counts = ['4', '4', '5', '4', '4', '4', '5', '4'];
    expect(judgeAnomaly({}, day('9', counts, orders)).status).toBe('passed');
    const judged = judgeAnomaly({}, day('40', counts, orders));
    expect(judged.status).toBe('failed');
    expect(judged.message).toContain('orders on Tuesday 2026-03-10 is 40; expected is 4');
  });

  test('an undefined ratio is not judged', () => {
    expect(judgeAnomaly({}, day(null, CALM)).status).toBe('learning');
  });

  test('a closed day forgives nothing but a number of zero', () => {
    expect(judgeAnomaly({}, day('0', CALM, { closedDay: true })).status).toBe('passed');
    expect(judgeAnomaly({}, day('10', CALM, { closedDay: true })).status).toBe('failed');
    expect(judgeAnomaly({}, day('0', CALM)).status).toBe('failed');
  });

  test('negative numbers are judged by their size', () => {
    const reversals = CALM.map((one) => `-${one}`);
    expect(judgeAnomaly({}, day('-1000', reversals)).status).toBe('passed');
    expect(judgeAnomaly({}, day('0', reversals)).status).toBe('failed');
  });
});

describe('safety bound', () => {
  test('keeps the minimum and the maximum themselves', () => {
    const bound = { minimum: '100.00', maximum: '200.00' };
    expect(judgeSafetyBound(bound, day('100', [])).status).toBe('passed');
    expect(judgeSafetyBound(bound, day('200', [])).status).toBe('passed');
    expect(judgeSafetyBound(bound, day('99.99', [])).message).toBe(
      'net_sales on Tuesday 2026-03-10 is 99.99 GBP: below the minimum of 100.00',
    );
    expect(judgeSafetyBound(bound, day('200.01', [])).message).toContain('above the maximum of 200.00');
  });

  test('judges a change against the latest published number of the weekday', () => {
    const judged = judgeSafetyBound({ maximumChange: { percent: '50' } }, day('450', ['1000', '400']));
    expect(judged.status).toBe('failed');
    expect(judged.message).toBe(
      'net_sales on Tuesday 2026-03-10 is 450.00 GBP: a change of -550.00 GBP (-55.0 %) against 1000.00 GBP on Tuesday 2026-03-03, allowed is 50 %',
    );
    expect(judgeSafetyBound({ maximumChange: { percent: '50' } }, day('500', ['1000'])).status).toBe('passed');
  });

  test('either limit of a change exceeded fails it', () => {
    const maximumChange = { percent: '50', absolute: '100' };
    expect(judgeSafetyBound({ maximumChange }, day('880', ['1000'])).status).toBe('failed');
    expect(judgeSafetyBound({ maximumChange }, day('900', ['1000'])).status).toBe('passed');
    expect(judgeSafetyBound({ maximumChange }, day('40', ['100'])).status).toBe('failed');
  });

  test('percent of zero allows no change, and the message does not divide by it', () => {
    const judged = judgeSafetyBound({ maximumChange: { percent: '50' } }, day('1', ['0']));
    expect(judged.message).toContain('a change of 1.00 GBP against 0.00 GBP');
  });

  test('a bound on the change alone learns while there is nothing to compare with', () => {
    expect(judgeSafetyBound({ maximumChange: { percent: '50' } }, day('1', [])).status).toBe('learning');
    expect(judgeSafetyBound({ minimum: '0', maximumChange: { percent: '50' } }, day('1', [])).status).toBe('passed');
    expect(judgeSafetyBound({ minimum: '2', maximumChange: { percent: '50' } }, day('1', [])).status).toBe('failed');
  });

  test('a closed day forgives a number of zero', () => {
    expect(judgeSafetyBound({ minimum: '1' }, day('0', [], { closedDay: true })).status).toBe('passed');
    expect(judgeSafetyBound({ minimum: '1' }, day('0', [])).status).toBe('failed');
  });
});
