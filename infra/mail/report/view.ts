/**
 * What a nightly report shows. Everything is JSON: dates are `YYYY-MM-DD`, amounts are exact decimal strings in
 * currency units with deductions negative (as published), percentages are decimal strings in percent ("-31.3"). The
 * renderer neither rounds money nor computes it; it only sets it.
 */
export interface ReportView {
  client: { id: string; name: string };
  /** The weekday is printed too; it follows from the date. */
  businessDate: string;
  /** ISO 4217 code and its digits from ISO's list: GBP 2, JPY 0, KWD 3. */
  currency: string;
  currencyDigits: number;
  reportId: string;
  /** Hash of the published versions and the withheld set that this report shows. */
  version: string;
  status: ReportStatus;
  finality: Finality;
  /** The day on which a provisional report becomes final, where that is known. */
  finalOn: string | null;
  /** The `metric` of the row that is set large. */
  headlineMetric: string;
  rows: ReportRow[];
  /** The headline metric over the last 14 days. */
  chart: ReportChart | null;
  slices: SliceTable[];
  withheld: WithheldItem[];
  /** How complete each source is; said where something is withheld. */
  completeness: SourceCompleteness[];
  /** `amount` sums what is known; null when no amount of these records could be read. */
  inSuspense: { amount: string | null; records: number };
  /** The month so far beside the same days of the year before; null where none of them is published. */
  yearBefore: YearComparison | null;
  /** What was revised since the last report, in sentences. */
  revisions: string[];
  /** Changes to months that are locked, which count in this one; the earliest event first. */
  adjustments: AdjustmentItem[];
  /** Where the numbers come from, in sentences, beside the provenance of each row. */
  footer: string[];
  /** Where it can be read in a browser, without signing in. */
  pageUrl?: string;
}

export interface SourceCompleteness {
  source: string;
  /** Valid records of the day, and what the source usually has on this weekday; null while there is no history. */
  valid: number;
  usual: number | null;
}

export type ReportStatus = 'published' | 'partially_published' | 'waiting';
export type Finality = 'provisional' | 'final';
export type NumberStatus = 'published' | 'withheld' | 'undefined';
export type Certificate = 'reconciled' | 'qualified' | 'unreconciled' | 'lapsed';

export interface ReportRow {
  metric: string;
  title: string;
  /** Never shown unless `status` is `published`. */
  value: string | null;
  /** null for a count or a ratio. */
  currency: string | null;
  status: NumberStatus;
  certificate: Certificate | null;
  sameWeekday: { date: string; value: string | null } | null;
  changePercent: string | null;
  monthToDate: string | null;
  /** The first day that the month to date counts, where earlier days of the month are not published. */
  monthSince: string | null;
  /** Id with version: `net_sales@1`. */
  definition: string;
  /** "3,108 records of till, 0 quarantined, reconciled with till-daily to 0.01" */
  provenance: string;
  withheldReason: string | null;
}

export interface ReportChart {
  title: string;
  currency: string | null;
  /** In date order; the last one is the business date. */
  points: ChartPoint[];
}

export interface ChartPoint {
  date: string;
  value: string | null;
  /** Why there is no value: "closed", "withheld". */
  note: string | null;
}

export interface SliceTable {
  dimension: string;
  /** "Net sales by channel" */
  title: string;
  currency: string | null;
  rows: SliceRow[];
  /** Total less the sum of the slices where rounding alone separates them; null when they foot. */
  residue: string | null;
}

export interface SliceRow {
  /** `(none)` is a member like any other. */
  member: string;
  value: string | null;
  status: NumberStatus;
  sharePercent: string | null;
}

export interface YearComparison {
  /** The last day counted of this year and of the one before. */
  through: string;
  throughBefore: string;
  rows: YearRow[];
}

export interface YearRow {
  metric: string;
  title: string;
  currency: string | null;
  /** Over the days that are counted of both years, and those alone. */
  value: string;
  valueBefore: string;
  changePercent: string | null;
  counted: CountedDays;
  /** Definitions that only the year before was made by. */
  otherDefinitions: string[];
}

/** Days of this year's month that a comparison counts. */
export type CountedDays =
  | { kind: 'all' }
  | { kind: 'stretch'; from: string; to: string }
  | { kind: 'some'; days: number; of: number };

export interface AdjustmentItem {
  eventDate: string;
  title: string;
  place: string | null;
  amount: string;
  currency: string | null;
  reason: string;
}

export interface WithheldItem {
  metric: string;
  title: string;
  slice: string | null;
  reason: string;
  /** The person who answers for it, by name. */
  owner: string;
}

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}
