import { stripVTControlCharacters } from 'node:util';
import { lastNightText as colouredText } from '../../cli/print/last-night.ts';
import { publishedDay, waitingDay } from './support/documents.ts';

// Run on a terminal, the text has colours.
const lastNightText = (days: Parameters<typeof colouredText>[0]) => stripVTControlCharacters(colouredText(days));

const [invoiced] = publishedDay.metrics;
const netSales = { ...invoiced!, metric: 'net_sales', value: '57000.00', certificate: 'unreconciled' as const };

describe('the last night', () => {
  it('calls reconciled what was compared, and not the numbers beside it', () => {
    const text = lastNightText([{ ...publishedDay, metrics: [netSales, invoiced!] }]);
    expect(text).toMatch(/published\s+57,000\.00 GBP\s+invoiced_total reconciled$/m);
  });

  it('says so where there was nothing to compare with', () => {
    const text = lastNightText([{ ...publishedDay, metrics: [netSales], controls: [] }]);
    expect(text).toMatch(/nothing to compare with$/m);
  });

  it('says who is asked, by how much it differs, and of what', () => {
    expect(lastNightText([waitingDay])).toContain(
      'revenue-lead is asked: invoiced_total differs by -8,795.12 GBP (15 % of 58,635.56)',
    );
    const controls = waitingDay.controls.map((one) => ({ ...one, theirs: '0.00' }));
    expect(lastNightText([{ ...waitingDay, controls }])).toMatch(/differs by -8,795\.12 GBP$/m);
    expect(lastNightText([{ ...waitingDay, controls: [] }])).toMatch(/revenue-lead is asked: invoiced_total$/m);
  });

  it('says why numbers are withheld', () => {
    const held = { ...invoiced!, value: null, status: 'withheld' as const, certificate: null };
    const metrics = ['new_customers', 'returning_customers'].map((metric) => ({
      ...held,
      metric,
      reason: 'insufficient_history',
    }));
    expect(lastNightText([{ ...publishedDay, metrics }])).toContain(
      'withheld: new_customers, returning_customers: there is not enough customer history',
    );
  });
});
