import type { DeadlinePassedView, ExceptionView } from '../../../infra/mail/report/exception-view.ts';
import type { ChartPoint, ReportRow, ReportView, YearRow } from '../../../infra/mail/report/view.ts';

const SALES_NOTE = '1,349 records of till, 0 quarantined; no total of the platform to compare with';
const CONTROL_NOTE = '1,349 records of till, 0 quarantined, reconciled with till-daily to 0.01';

/** A whole day of the Online Retail example. */
export function publishedView(changes: Partial<ReportView> = {}): ReportView {
  return {
    client: { id: 'online-retail', name: 'Online Retail' },
    businessDate: '2010-12-15',
    currency: 'GBP',
    currencyDigits: 2,
    reportId: 'daily-revenue',
    version: '6f1c2ab94e07',
    status: 'published',
    finality: 'provisional',
    finalOn: '2010-12-29',
    headlineMetric: 'net_sales',
    rows: [
      amountRow('gross_sales', 'Gross sales', '30427.81', '44308.60', '-31.3', '594886.76'),
      amountRow('discounts', 'Discounts', '-75.19', '-267.12', '-71.9', '-680.10'),
      amountRow('sales_reversals', 'Sales reversals', '-909.90', '-933.02', '-2.5', '-12126.47'),
      amountRow('adjustments', 'Adjustments', '16.81', '39.96', '-57.9', '-1450.86'),
      amountRow('net_sales', 'Net sales', '29459.53', '43148.42', '-31.7', '580629.33'),
      amountRow('shipping', 'Shipping', '-15.84', '1041.42', '-101.5', '19461.65'),
      { ...amountRow('orders', 'Orders', '74', '125', '-40.8', '1312'), currency: null },
      amountRow('average_order_value', 'Average order value', '410.17', '352.33', '16.4', '452.90'),
      {
        ...amountRow('invoiced_total', 'Invoiced total', '29443.69', '44189.84', '-33.4', '559800.60'),
        certificate: 'reconciled',
        provenance: CONTROL_NOTE,
      },
    ],
    chart: { title: 'Net sales, last 14 days', currency: 'GBP', points: fourteenDays() },
    slices: [
      {
        dimension: 'channel',
        title: 'Net sales by channel',
        currency: 'GBP',
        rows: [
          { member: 'organic_search', value: '13104.20', status: 'published', sharePercent: '44.5' },
          { member: 'paid_social', value: '9876.11', status: 'published', sharePercent: '33.5' },
          { member: 'email', value: '5120.00', status: 'published', sharePercent: '17.4' },
          { member: '(none)', value: '1359.22', status: 'published', sharePercent: '4.6' },
        ],
        residue: null,
      },
    ],
    withheld: [],
    completeness: [{ source: 'till', valid: 1349, usual: 1401 }],
    inSuspense: { amount: '0.00', records: 0 },
    yearBefore: null,
    revisions: [],
    adjustments: [],
    footer: ['Business day in Europe/London, closed at midnight; captured from the till export of that day.'],
    ...changes,
  };
}

/** A day with a withheld number, an undefined one, a loss-making day in the chart, and records in suspense. */
export function waitingView(changes: Partial<ReportView> = {}): ReportView {
  const reason = 'our total differs from till-daily by GBP (8,795.12) and nothing explains it yet';
  const held = { value: null, status: 'withheld', certificate: null, changePercent: null, monthToDate: null } as const;
  const whole = publishedView();
  const rows = whole.rows.map((row): ReportRow => {
    if (row.metric === 'invoiced_total') return { ...row, ...held, withheldReason: reason };
    if (row.metric === 'average_order_value')
      return { ...row, ...held, status: 'undefined', withheldReason: 'no orders on this day' };
    return row;
  });
  const points = fourteenDays().map((point) =>
    point.date === '2010-12-07' ? { ...point, value: '-12380.40' } : point,
  );
  return {
    ...whole,
    status: 'waiting',
    rows,
    chart: { title: 'Net sales, last 14 days', currency: 'GBP', points },
    withheld: [{ metric: 'invoiced_total', title: 'Invoiced total', slice: null, reason, owner: 'Revenue lead' }],
    inSuspense: { amount: '1204.55', records: 12 },
    revisions: ['Net sales of Friday, 10 December 2010: GBP 55,012.02 is now GBP 55,072.02 (late arrival, 3 records).'],
    ...changes,
  };
}

/** The same day beside the year before, with what was revised and what came for locked months. */
export function monthView(changes: Partial<ReportView> = {}): ReportView {
  const whole = publishedView();
  return {
    ...whole,
    yearBefore: {
      through: '2010-12-15',
      throughBefore: '2009-12-15',
      rows: [
        yearRow('gross_sales', 'Gross sales', '594886.76', '571001.10', '4.2'),
        yearRow('discounts', 'Discounts', '-680.10', '-702.00', '-3.1'),
        {
          ...yearRow('net_sales', 'Net sales', '580629.33', '555420.00', '4.5'),
          otherDefinitions: ['net_sales@0'],
        },
        {
          ...yearRow('shipping', 'Shipping', '9461.65', '8400.00', '12.6'),
          counted: { kind: 'stretch', from: '2010-12-10', to: '2010-12-15' },
        },
        { ...yearRow('orders', 'Orders', '1312', '1290', '1.7'), currency: null },
      ],
    },
    revisions: [
      '3 days were revised since the last report: net sales 12 Nov GBP 1,200.00 → 1,180.00 (late arrival), and 2 more numbers.',
    ],
    adjustments: [
      {
        eventDate: '2010-11-28',
        title: 'Gross sales',
        place: 'Outlet',
        amount: '18.50',
        currency: 'EUR',
        reason: 'a late order',
      },
      {
        eventDate: '2010-11-30',
        title: 'Sales reversals',
        place: null,
        amount: '-120.00',
        currency: 'GBP',
        reason: 'a late refund',
      },
    ],
    ...changes,
  };
}

export function yearRow(
  metric: string,
  title: string,
  value: string,
  valueBefore: string,
  changePercent: string,
): YearRow {
  return {
    metric,
    title,
    currency: 'GBP',
    value,
    valueBefore,
    changePercent,
    counted: { kind: 'all' },
    otherDefinitions: [],
  };
}

export function openedView(changes: Partial<ExceptionView> = {}): ExceptionView {
  return {
    exceptionId: 'x7f3a91c2d',
    version: 3,
    client: { id: 'online-retail', name: 'Online Retail' },
    businessDate: '2010-12-15',
    currency: 'GBP',
    currencyDigits: 2,
    kind: 'control_difference',
    matter: 'finding',
    monthNote: null,
    metricTitle: 'Invoiced total',
    finding: 'Our invoiced total is GBP 8,795.12 below what till-daily reports for the day.',
    comparison: {
      control: 'till-daily',
      ours: '20648.57',
      theirs: '29443.69',
      difference: '-8795.12',
      reconcilingItems: [{ cause: 'Records in quarantine', amount: '-1204.55', records: 12 }],
      unreconciled: '-7590.57',
    },
    withholds: ['Invoiced total', 'Net sales'],
    tried: [
      { at: '2010-12-16T04:31:00Z', what: 'Captured the sources again', outcome: 'The same file, no new records' },
      { at: '2010-12-16T04:41:00Z', what: 'Read the total of till-daily again', outcome: 'Unchanged' },
    ],
    suggestedFixes: [
      {
        id: 'f1',
        title: 'Resubmit 12 quarantined records with the price read from list_price',
        effect: 'Invoiced total GBP 21,853.12',
      },
    ],
    owner: 'Revenue lead',
    escalateTo: 'Operations on call',
    deadline: '2010-12-16T11:00:00Z',
    recipient: { name: 'Revenue lead', timezone: 'America/New_York' },
    consoleUrl: 'http://127.0.0.1:8080/exceptions/x7f3a91c2d',
    ...changes,
  };
}

export function deadlinePassedView(changes: Partial<DeadlinePassedView> = {}): DeadlinePassedView {
  return {
    ...openedView(),
    recipient: { name: 'Operations on call', timezone: 'Europe/London' },
    incident: { id: 'inc-204', severity: 'major' },
    ...changes,
  };
}

function amountRow(
  metric: string,
  title: string,
  value: string,
  before: string,
  change: string,
  month: string,
): ReportRow {
  return {
    metric,
    title,
    value,
    currency: 'GBP',
    status: 'published',
    certificate: 'unreconciled',
    sameWeekday: { date: '2010-12-08', value: before },
    changePercent: change,
    monthToDate: month,
    monthSince: null,
    definition: `${metric}@1`,
    provenance: SALES_NOTE,
    withheldReason: null,
  };
}

function fourteenDays(): ChartPoint[] {
  const values = ['46174.28', '43514.98', null, '30969.95', '50962.99', '80764.57', '43148.42'];
  const later = ['48991.46', '55072.02', null, '17240.92', '34979.81', '42029.10', '29459.53'];
  return [...values, ...later].map((value, i) => ({
    date: `2010-12-${String(i + 2).padStart(2, '0')}`,
    value,
    note: value === null ? 'closed' : null,
  }));
}
