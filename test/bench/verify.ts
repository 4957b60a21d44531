import type { Expected } from './orders.ts';

type CloseDocument = {
  status: string;
  captured: { records: number; quarantined: number; duplicates: number; inSuspense: string };
  metrics: { metric: string; slice: string | null; value: string | null }[];
};

function money(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function wanted(expected: Expected): Record<string, unknown> {
  const { grossCents, discountCents, reversalCents } = expected;
  return {
    status: 'published',
    records: expected.rows,
    quarantined: expected.quarantined,
    duplicates: expected.duplicates,
    inSuspense: money(expected.suspenseCents),
    gross_sales: money(grossCents),
    discounts: money(-discountCents),
    sales_reversals: money(-reversalCents),
    net_sales: money(grossCents - discountCents - reversalCents),
    orders: String(expected.orders),
  };
}

/** Throws an Error that lists every number of a close that is not exactly what its file comes to. */
export function verifyClose(document: unknown, expected: Expected): void {
  const { status, captured, metrics } = document as CloseDocument;
  const totals = metrics.filter(({ slice }) => slice === null).map(({ metric, value }) => [metric, value]);
  const found: Record<string, unknown> = { status, ...captured, ...Object.fromEntries(totals) };
  const wrong = Object.entries(wanted(expected)).filter(([name, value]) => found[name] !== value);
  if (wrong.length === 0) return;
  const list = wrong.map(([name, value]) => `${name} is ${String(found[name])} and should be ${String(value)}`);
  throw new Error(`The close is wrong: ${list.join('; ')}`);
}
