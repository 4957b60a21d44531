import type { CorrectionItem, CorrectionView } from '../../../infra/mail/report/correction-view.ts';
import { renderCorrection } from '../../../infra/mail/report/render-correction.ts';

const CERTIFICATE = "reconciled with the platform's report on till (control till-daily), read 3 Dec 04:12";

const item = (changes: Partial<CorrectionItem> = {}): CorrectionItem => ({
  businessDate: '2010-12-01',
  metric: 'Net sales',
  place: null,
  old: '57321.30',
  new: '57301.10',
  change: '-20.20',
  currency: 'GBP',
  reason: 'late arrival',
  version: 2,
  certificate: CERTIFICATE,
  explanation: '2 refunds arrived on 3 December.',
  ...changes,
});
const view = (...items: CorrectionItem[]): CorrectionView => ({
  client: { id: 'online-retail', name: 'Online Retail' },
  currency: 'GBP',
  currencyDigits: 2,
  nightDate: '2010-12-04',
  ownerName: 'Ana Costa',
  items,
});

const flat = (text: string): string => text.replaceAll('\u00A0', ' ').replace(/\s+/g, ' ');
const seen = (html: string): string =>
  flat(
    html
      .slice(html.indexOf('<body'))
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&nbsp;', ' ')
      .replaceAll('&#39;', "'"),
  );

describe('the correction notice', () => {
  test('names the number and its day in the subject, and how many where there are more', () => {
    const subjectOf = (...items: CorrectionItem[]) => renderCorrection(view(...items)).subject;
    expect(subjectOf(item())).toBe('Correction: Online Retail, net sales of Wed 1 Dec 2010');
    expect(subjectOf(item({ place: 'Outlet' }))).toBe('Correction: Online Retail, net sales, Outlet of Wed 1 Dec 2010');
    expect(subjectOf(item(), item({ metric: 'Orders' }))).toBe(
      'Correction: Online Retail, 2 numbers of Wed 1 Dec 2010',
    );
    expect(subjectOf(item(), item({ businessDate: '2010-12-02' }))).toBe(
      'Correction: Online Retail, 2 numbers of 2 days',
    );
  });

  test('says old, new, change and why, and that earlier mails stand corrected, in both parts', () => {
    const pageUrl = 'https://reports.example/r/correction.1';
    const linked = renderCorrection({ ...view(item()), pageUrl });
    expect([linked.html.includes(`href="${pageUrl}"`), linked.text.endsWith(`\n${pageUrl}\n`)]).toEqual([true, true]);
    const { html, text } = renderCorrection(view(item()));
    for (const body of [seen(html), flat(text)]) {
      expect(body).toContain('57,321.30');
      expect(body).toContain('57,301.10');
      expect(body).toContain('\u221220.20');
      expect(body).toContain('version 2');
      expect(body).toContain(
        `Reason: late arrival. 2 refunds arrived on 3 December. Now ${CERTIFICATE.replace(/\.$/, '')}.`,
      );
      expect(body).toContain('every earlier mail that shows it stands corrected');
      expect(body).toContain('Found in the night of 4 December 2010. Ana Costa answers for these numbers.');
    }
  });

  test('shows the days in their order, and a reason that rows share once', () => {
    const { html, text } = renderCorrection(
      view(item({ businessDate: '2010-12-02' }), item(), item({ metric: 'Gross sales' })),
    );
    for (const body of [seen(html), flat(text)]) expect(body.match(/2 refunds arrived on 3 December/g)).toHaveLength(2);
    expect(text.indexOf('WEDNESDAY, 1 DECEMBER')).toBeLessThan(text.indexOf('THURSDAY, 2 DECEMBER'));
  });

  test('rows of one day with different reasons say which is whose', () => {
    const { text } = renderCorrection(view(item(), item({ metric: 'Ad spend', reason: 'revised by its source' })));
    expect(flat(text)).toContain('Net sales: Reason: late arrival.');
    expect(flat(text)).toContain('Ad spend: Reason: revised by its source.');
  });

  test('a deduction is in parentheses, a change has a sign, a number that is not defined is a dash', () => {
    const reversals = item({ metric: 'Sales reversals', old: '-909.90', new: '-930.10', change: '-20.20' });
    expect(renderCorrection(view(reversals)).text).toMatch(/\(909\.90\) +\(930\.10\) +\u221220\.20/);
    const ratio = item({ metric: 'Average order value', old: null, new: '12.50', change: null });
    expect(renderCorrection(view(ratio)).text).toMatch(/^Average order value \(version 2\) +- +12\.50 +-$/m);
    expect(renderCorrection(view(item({ old: '1.00', new: '3.00', change: '2.00' }))).text).toContain('+2.00');
  });

  test('the number of another currency prints with its code, a count without any', () => {
    const { text } = renderCorrection(
      view(
        item({ currency: 'EUR', place: 'Outlet' }),
        item({ metric: 'Orders', currency: null, old: '1374', new: '1373', change: '-1' }),
      ),
    );
    expect(flat(text)).toMatch(/Net sales, Outlet \(version 2\) EUR 57,321.30 EUR 57,301.10/);
    expect(flat(text)).toContain('Orders (version 2) 1,374 1,373 \u22121');
  });

  test('escapes every text of the view and keeps line breaks out of the subject', () => {
    const hostile = `</td><img src="x" onerror='alert(1)'>\r\nBcc: a@b.example`;
    const { subject, html } = renderCorrection({
      ...view(item({ metric: hostile, place: hostile, reason: hostile, explanation: hostile, certificate: hostile })),
      client: { id: 'x', name: hostile },
      ownerName: hostile,
    });
    expect(html).not.toContain('<img');
    expect(subject).not.toMatch(/[\r\n]/);
  });

  test('stays below the size at which Gmail clips; the text part has every number', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      item({ businessDate: `2010-12-${String(1 + (at % 28)).padStart(2, '0')}`, old: `${at}.00` }),
    );
    const { html, text } = renderCorrection(view(...many));
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    expect(seen(html)).toMatch(/\d+ more numbers have changed: the plain text part of this mail lists them all/);
    expect(text.match(/\(version 2\)/g)).toHaveLength(200);
    expect(text.split('\n').filter((line) => line.length > 72)).toEqual([]);
  });

  test('refuses a notice that corrects nothing, and an amount that is no decimal string', () => {
    expect(() => renderCorrection(view())).toThrow('without a corrected number');
    expect(() => renderCorrection(view(item({ new: '1e3' })))).toThrow('"1e3" in a report is not a decimal string');
  });

  test('the same view gives the same mail', () => {
    expect(renderCorrection(view(item()))).toEqual(renderCorrection(view(item())));
  });
});
