import { describe, expect, test } from '@jest/globals';
import { sumOf } from '../../cli/print/adjustments.ts';
import { periodText } from '../../cli/print/periods.ts';
import { moment } from '../../cli/print/values.ts';
import { period } from '../../cli/reference/samples.ts';

const posted = (amount: string, metric: string, reason = 'late_arrival') => ({
  ...period.adjustments[0]!,
  businessDate: '2026-02-27',
  postedIn: '2026-03',
  store: 'shop',
  metric,
  amount,
  reason,
});

describe('a month in people’s words', () => {
  test('has what was posted about a number as one line, and none of what was taken back whole', () => {
    const adjustments = [
      posted('60.00', 'net_sales'),
      posted('-20.50', 'net_sales', 'source_revised'),
      posted('1', 'orders'),
      posted('-1', 'orders', 'reopened'),
    ];
    const text = periodText({ ...period, revisions: [], numbers: [], adjustments });
    expect(text.match(/net_sales .*/g)).toEqual([expect.stringMatching(/39\.50 GBP +late arrival, source revised/)]);
    expect(text).not.toMatch(/2026-03 +orders/);
  });

  test('adds exact decimals of either sign and any digits', () => {
    const sums = [['0.10', '0.20'], ['-0.05'], ['2', '-3'], ['1.5', '-1.25'], ['60.00', '-60.00']].map(sumOf);
    expect(sums).toEqual(['0.30', '-0.05', '-1', '0.25', '0.00']);
  });

  test('tells instants as the clock of the reader shows them', () => {
    const until = '2026-12-12T23:00:00.000Z';
    const what = `2 days have provisional numbers, the last until ${until}`;
    const text = periodText({ ...period, checklist: [{ item: 'finality', status: 'warn', what, next: null }] });
    expect(text).toContain(`the last until ${moment(until)}`);
    expect(text).not.toContain(until);
  });
});
