import { renderReport } from '../../../infra/mail/report/render-report.ts';
import type { ReportRow, ReportView } from '../../../infra/mail/report/view.ts';
import { monthView, publishedView, waitingView, yearRow } from './views.ts';

const HOSTILE = `</td><img src="x" onerror='alert(1)'> & co`;

function withRow(metric: string, changes: Partial<ReportRow>, view = publishedView()): ReportView {
  return { ...view, rows: view.rows.map((row) => (row.metric === metric ? { ...row, ...changes } : row)) };
}

/** What a reader sees: no markup, spaces run together. */
function seen(html: string): string {
  const body = html.slice(html.indexOf('<body')).replaceAll('<wbr>', '');
  return body
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replace(/\s+/g, ' ');
}

function poisoned<T>(value: T, keep: readonly string[]): T {
  if (typeof value === 'string') return HOSTILE as T;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, keep)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, one]) => [key, keep.includes(key) ? one : poisoned(one, keep)]);
  return Object.fromEntries(fields) as T;
}

describe('the report mail', () => {
  test('says client, day with weekday, headline number and month in subject and body', () => {
    const { subject, html, text } = renderReport(publishedView());
    expect(subject.replaceAll('\u00A0', ' ')).toBe('Online Retail, Wed 15 Dec 2010: net sales GBP 29,459.53');
    for (const body of [seen(html), text]) {
      expect(body).toContain('Wednesday, 15 December 2010');
      expect(body).toContain('29,459.53');
      expect(body).toContain('580,629.33');
      expect(body).toContain('6f1c2ab94e07');
    }
  });

  test('says from which day on it counts a month whose first days are not published', () => {
    const view = publishedView();
    const { html, text } = renderReport({
      ...view,
      rows: view.rows.map((row) => ({ ...row, monthSince: '2010-12-10' })),
    });
    expect(seen(html)).toContain('580,629.33, since 10 Dec');
    expect(seen(html)).toContain('594,886.76 since 10 Dec');
    expect(text).toContain('Dec to date is since 10 Dec; earlier days are not published.');
    const one = renderReport(withRow('orders', { monthSince: '2010-12-10' }));
    expect(one.text).toContain('Orders: Dec to date is since 10 Dec; earlier days are not published.');
    expect(renderReport(view).text + renderReport(view).html).not.toContain('since');
  });

  test('escapes every text of the view, in elements and in attributes', () => {
    const formed = [
      'value',
      'amount',
      'changePercent',
      'sharePercent',
      'monthToDate',
      'monthSince',
      'residue',
      'status',
      'finality',
      'date',
    ];
    const more = ['counted', 'through', 'throughBefore', 'valueBefore', 'eventDate'];
    const { yearBefore, adjustments } = monthView();
    const { html } = renderReport(
      poisoned(waitingView({ yearBefore, adjustments }), [
        ...formed,
        ...more,
        'certificate',
        'businessDate',
        'finalOn',
        'metric',
        'headlineMetric',
      ]),
    );
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/onerror='/);
    expect(html).toContain('&lt;img src=&quot;x&quot; onerror=&#39;alert(1)&#39;&gt; &amp; co');
  });

  test('a line break or direction override in a name reaches neither the subject nor a line of the text', () => {
    const { subject, text } = renderReport(
      publishedView({ client: { id: 'x', name: 'Shop\r\nBcc: a@b.example\u202E' } }),
    );
    expect(subject).not.toMatch(/[\r\n\u202E]/);
    expect(text).not.toMatch(/^Bcc:/m);
  });

  test('prints deductions in parentheses and other amounts without', () => {
    const { html, text } = renderReport(publishedView());
    for (const body of [seen(html), text]) {
      expect(body).toContain('(909.90)');
      expect(body).toContain('(12,126.47)');
      expect(body).not.toContain('-909.90');
      expect(body).not.toContain('(30,427.81)');
    }
  });

  test('sets money to the digits of its currency, however large', () => {
    const yen = publishedView({ currency: 'JPY', currencyDigits: 0 });
    const row = { currency: 'JPY', value: '12345678901234567890' };
    expect(renderReport(withRow('net_sales', row, yen)).subject).toMatch(/JPY\s12,345,678,901,234,567,890$/);
    const dinar = publishedView({ currency: 'KWD', currencyDigits: 3 });
    expect(renderReport(withRow('net_sales', { currency: 'KWD', value: '1234.5' }, dinar)).subject).toMatch(
      /KWD\s1,234\.500$/,
    );
  });

  test('a zero with a sign is no deduction', () => {
    const { text } = renderReport(withRow('discounts', { value: '-0.00' }));
    expect(text).toMatch(/^Discounts +0\.00 /m);
  });

  test('prints a count without currency and without decimals', () => {
    const { subject } = renderReport({ ...withRow('orders', { value: '1349' }), headlineMetric: 'orders' });
    expect(subject).toMatch(/: orders 1,349$/);
  });

  test('refuses an amount that is not a decimal string and names it', () => {
    expect(() => renderReport(withRow('net_sales', { value: '1e3' }))).toThrow(
      '"1e3" in a report is not a decimal string',
    );
  });

  test('a withheld number is a dash with its reason and owner', () => {
    const { html, text } = renderReport(waitingView());
    expect(seen(html)).toMatch(/Invoiced total Dec to date \u2014 invoiced_total@1 2 \u2014 \u2014 44,189\.84 \u2014/);
    for (const body of [seen(html), text.replace(/\s+/g, ' ')]) {
      expect(body).toContain(
        'withheld: our total differs from till-daily by GBP (8,795.12) and nothing explains it yet',
      );
      expect(body).toContain('Owner: Revenue lead');
    }
    expect(text).toMatch(/^Invoiced total +- +44,189\.84 +- +-$/m);
  });

  test('how complete each source is stands beside what is withheld, and only there', () => {
    const { text, html } = renderReport(waitingView());
    expect(text).toContain('till: 1,349 valid records, 96 % of the usual 1,401');
    expect(seen(html)).toContain('till: 1,349 valid records, 96 % of the usual 1,401');
    expect(renderReport(publishedView()).text).not.toContain('of the usual');
  });

  test('a number that is withheld is shown nowhere, even where the view carries it', () => {
    const view = withRow('net_sales', { status: 'withheld', value: '29459.53', withheldReason: 'the control failed' });
    const { subject, html, text } = renderReport(view);
    expect(subject).toMatch(/net sales \u2014$/);
    expect(html + text).not.toContain('29,459.53');
    expect(html + text).not.toContain('31.7');
    expect(seen(html)).toContain('withheld: the control failed');
    expect(text).toMatch(/^Wed 15 Dec +- +withheld$/m);
  });

  test('an undefined ratio is a dash that says why', () => {
    const { text } = renderReport(withRow('average_order_value', { status: 'undefined', value: null }));
    expect(text.replace(/\s+/g, ' ')).toContain(
      'Average order value: undefined: there is nothing to divide by on this day',
    );
  });

  test('a day that waits says so before the number in the subject', () => {
    expect(renderReport(waitingView()).subject).toContain('waiting for a decision, net sales');
    expect(renderReport(publishedView({ status: 'partially_published' })).subject).toContain(
      'partially published, net sales',
    );
  });

  test('the number of another currency prints with its own code', () => {
    const { html } = renderReport(withRow('shipping', { currency: 'EUR', value: '15.84' }));
    expect(seen(html).replaceAll('\u00A0', ' ')).toContain('EUR 15.84');
  });

  test('says what is in suspense, what was revised, and whether it is final', () => {
    const { text } = renderReport(waitingView());
    const running = text.replace(/\s+/g, ' ');
    expect(running).toContain('12 records with GBP 1,204.55 are held in suspense');
    expect(running).toContain('Net sales of Friday, 10 December 2010: GBP 55,012.02 is now GBP 55,072.02');
    expect(running).toContain('Provisional until 29 December 2010');
    expect(renderReport(publishedView({ finality: 'final' })).text).toContain('Published. Final');
  });

  test('an amount in suspense that is not known is not called zero', () => {
    const { text } = renderReport(publishedView({ inSuspense: { amount: null, records: 1 } }));
    expect(text.replace(/\s+/g, ' ')).toContain('1 record with an amount not known yet is held in suspense');
  });

  test('slices that do not foot by rounding show the residue as a line', () => {
    const view = publishedView();
    const slices = view.slices.map((table) => ({ ...table, residue: '-0.01' }));
    const { html, text } = renderReport({ ...view, slices });
    expect(seen(html)).toContain('Rounding (0.01)');
    expect(text).toMatch(/^Rounding +\(0\.01\)$/m);
  });

  test('the same view gives the same mail', () => {
    expect(renderReport(waitingView())).toEqual(renderReport(waitingView()));
  });
});

describe('the report over time', () => {
  const { html, text } = renderReport(monthView());
  const bodies = [seen(html), text.replace(/\s+/g, ' ')];

  test('sets the month so far beside the same days of the year before', () => {
    for (const body of bodies) {
      expect(body.toLowerCase()).toContain('december so far, beside december 2009');
      expect(body).toContain('Dec 2010 Dec 2009 Change');
      expect(body).toMatch(/594,886\.76 571,001\.10 \+4\.2 %/);
      expect(body).toMatch(/\(680\.10\) \(702\.00\) \u22123\.1 %/);
      expect(body).toContain('1,312 1,290');
      expect(body).toContain('Both years count the same days, 1 to 15 Dec; where some of them are not published');
    }
    expect(renderReport(publishedView()).text).not.toContain('BESIDE');
  });

  test('says it of the large number too', () => {
    expect(seen(html)).toContain('December to date GBP 580,629.33, +4.5 % on the same days of December 2009');
  });

  test('says which row counts fewer days, or is by another definition', () => {
    expect(text).toMatch(/^Shipping \(since 10 Dec\) +9,461\.65 +8,400\.00/m);
    expect(text).toMatch(/^Net sales \(2009 by net_sales@0\) +580,629\.33/m);
    const rowWith = (counted: ReturnType<typeof yearRow>['counted']) =>
      renderReport(
        monthView({
          yearBefore: {
            through: '2028-02-29',
            throughBefore: '2027-02-28',
            rows: [{ ...yearRow('net_sales', 'Net sales', '1.00', '2.00', '-50.0'), counted }],
          },
        }),
      ).text;
    expect(rowWith({ kind: 'stretch', from: '2028-02-01', to: '2028-02-28' })).toContain('(1 Feb to 28 Feb)');
    expect(rowWith({ kind: 'some', days: 20, of: 29 })).toContain('(20 of 29 days)');
    expect(rowWith({ kind: 'all' })).toContain('Both years count the same days, 1 to 28 Feb.');
  });

  test('gives what was revised one line, and adjustments their own dates', () => {
    for (const body of bodies) {
      expect(body).toMatch(/revisions 3 days were revised since the last report/i);
      expect(body).toContain('They came after their month was locked, so its numbers stay as they are');
      expect(body).toContain('these count in December');
    }
    expect(text).toMatch(/^28 November 2010, Gross sales, Outlet: a late order +EUR 18\.50$/m);
    expect(text).toMatch(/^30 November 2010, Sales reversals: a late refund +\(120\.00\)$/m);
    expect(seen(html)).toMatch(/Gross sales, Outlet 28 November 2010: a late order EUR 18\.50/);
  });

  test('stands figures under figures in the text', () => {
    const lines = text.split('\n');
    const end = (start: string, figure: string) => {
      const line = lines.find((one) => one.startsWith(start) && one.includes(figure)) ?? '';
      return line.indexOf(figure) + figure.length;
    };
    expect(end('Gross sales', '571,001.10')).toBe(end('Discounts', '702.00'));
    expect(lines.filter((line) => line.length > 72)).toEqual([]);
  });
});

describe('a large report', () => {
  const whole = monthView();
  const shops = Array.from({ length: 40 }, (_, at) => `Shop number ${at}`);
  const many = <T extends { metric: string; title: string }>(rows: readonly T[]): T[] => [
    ...rows,
    ...shops.flatMap((shop, at) =>
      rows.map((row) => ({ ...row, metric: `${at}/${row.metric}`, title: `${row.title}, ${shop}` })),
    ),
  ];
  const large = monthView({
    rows: many(whole.rows).map((row) => ({ ...row, provenance: `${row.title}: ${row.provenance}` })),
    yearBefore: whole.yearBefore && { ...whole.yearBefore, rows: many(whole.yearBefore.rows) },
    adjustments: shops.flatMap((place) => whole.adjustments.map((one) => ({ ...one, place }))),
  });
  const { html, text } = renderReport(large);

  test('stays below 100 kB with the client as a whole first, and says that lines are left out', () => {
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    expect(seen(html)).toMatch(/\d+ more lines are left out here for length: the plain text part of this mail has/);
    for (const { title } of whole.rows) expect(seen(html)).toContain(title);
    expect(seen(html)).toContain('369 of 369 numbers are published');
  });

  test('is whole in its text part', () => {
    for (const shop of shops) expect(text).toContain(`Net sales, ${shop}`);
    expect(text.replace(/\s+/g, ' ').match(/\(120\.00\)/g)).toHaveLength(40);
    expect(text).not.toContain('left out');
  });

  test('says nothing of length where nothing was left out', () => {
    expect(renderReport(whole).html).not.toContain('left out');
  });
});

describe('the chart', () => {
  test('its text alternative lists every day, negative and missing ones too', () => {
    const { html } = renderReport(waitingView());
    const label = /role="img" aria-label="([^"]+)"/.exec(html)?.[1]?.replaceAll('\u00A0', ' ') ?? '';
    expect(label.split(';')).toHaveLength(14);
    expect(label).toContain('Tue 7 Dec GBP (12,380.40)');
    expect(label).toContain('Sat 11 Dec closed');
    expect(label).toContain('Wed 15 Dec GBP 29,459.53');
  });

  test('a negative day hangs below the axis, in proportion to the others', () => {
    const { html } = renderReport(waitingView());
    const axis = html.indexOf('class="axis"');
    const negative = /class="negative" height="(\d+)"/.exec(html);
    expect(html.indexOf('class="negative"')).toBeGreaterThan(axis);
    expect(Number(negative?.[1])).toBe(Math.round((112 * 12380.4) / 55072.02));
    expect(renderReport(publishedView()).html).not.toContain('class="negative"');
  });

  test('days without any sale leave a chart of gaps and break nothing', () => {
    const view = publishedView();
    const points = view.chart!.points.map((point) => ({ ...point, value: null, note: 'no data' }));
    const { text } = renderReport({ ...view, chart: { ...view.chart!, points } });
    expect(text).toMatch(/^Wed 15 Dec +- +no data$/m);
  });

  test('in plain text its longest bar stays within the line', () => {
    const { text } = renderReport(waitingView());
    expect(text).toMatch(/^Fri 10 Dec +55,072\.02 +#{36}$/m);
    expect(text).toMatch(/^Tue 7 Dec +\(12,380\.40\) +<{8}$/m);
  });
});

describe('the markup', () => {
  const { html } = renderReport(waitingView());

  test('loads nothing, runs nothing, and stays under the size at which Gmail clips', () => {
    expect(html).not.toMatch(/<(script|svg|img|link|iframe|object)\b/i);
    expect(html).not.toMatch(/url\(|@import|https?:/i);
    expect(Buffer.byteLength(html)).toBeLessThan(102_000);
  });

  test('names its language, and marks layout and data tables apart', () => {
    expect(html).toContain('<html lang="en"');
    const tables = html.match(/<table\b[^>]*>/g) ?? [];
    const data = tables.filter((table) => !/role="(presentation|img|list)"/.test(table));
    expect(data).toHaveLength(2);
    expect(html.match(/<th\b(?![^>]*scope="(col|row)")/g)).toBeNull();
  });

  test('is one column of at most 640 pixels with a dark design', () => {
    expect(html).toContain('max-width:640px');
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });
});

describe('the plain text', () => {
  test('keeps within 72 columns, also with long names and huge amounts', () => {
    const huge = publishedView({
      client: { id: 'x', name: `${'Very long name of a shop '.repeat(5)}${'x'.repeat(100)}` },
    });
    const rows = huge.rows.map((row) => ({ ...row, value: '-123456789012345.67', monthToDate: '9876543210123456.78' }));
    for (const view of [publishedView(), waitingView(), monthView(), { ...huge, rows }]) {
      const tooLong = renderReport(view)
        .text.split('\n')
        .filter((line) => line.length > 72);
      expect(tooLong).toEqual([]);
    }
  });

  test('stands figures under figures', () => {
    const lines = renderReport(publishedView()).text.split('\n');
    const end = (title: string, figure: string) => {
      const line = lines.find((one) => one.startsWith(title)) ?? '';
      return line.indexOf(figure) + figure.length;
    };
    expect(end('Discounts', '75.19')).toBe(end('Gross sales', '30,427.81'));
    expect(end('Net sales ', '29,459.53')).toBe(end('Gross sales', '30,427.81'));
  });

  test('gives each provenance once and refers to it', () => {
    const { text } = renderReport(publishedView());
    expect(text.match(/reconciled with till-daily/g)).toHaveLength(1);
    expect(text).toMatch(/^invoiced_total@1 +reconciled +\[2\]$/m);
  });
});
