import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An order as the small shop's system writes it. */
export type Order = {
  id: string;
  at: string;
  amount: string;
  tax?: string;
  discount?: string;
  refund?: string;
  customer?: string;
  channel?: string;
  test?: boolean;
  spoiled?: boolean;
};
type Document = Readonly<Record<string, unknown>>;

const ADA = 'ada';
const BEN = 'ben';
const OWNERS = { owner: ADA, deputy: BEN };
const NIGHT = { id: 'nightly', schedule: { at: '04:30' } };

/** A source of orders: `<id>-<date>.ndjson` in the shop's folder. */
export const orderSource = (id = 'shop', more: Document = {}): Document => ({
  id,
  connector: 'file',
  options: { location: `${id}-{date}.ndjson`, format: 'ndjson' },
  contract: { sla: '4h', ...OWNERS },
  schema: {
    type: 'object',
    required: ['id', 'at', 'amount'],
    properties: {
      amount: { type: 'string', format: 'decimal' },
      at: { type: 'string', format: 'date-time' },
      spoiled: { const: false },
    },
  },
  mapping: {
    key: ['id'],
    occurredAt: { field: 'at' },
    order: 'id',
    customer: 'customer',
    skipWhen: 'row.test == true',
    dimensions: { desk: 'channel' },
    entries: [
      { is: 'gross_sales', amount: ['amount'] },
      { is: 'tax', amount: ['tax'], when: 'has(row.tax)' },
      { is: 'discount', amount: ['discount'], sign: -1, when: 'has(row.discount)' },
      { is: 'sales_reversal', amount: ['refund'], sign: -1, when: 'has(row.refund)' },
    ],
  },
  ...more,
});

/** A control with a file of totals: `<id>.csv` with the columns day and total, and `by` where they are broken down. */
export const fileControl = (
  metric: string,
  more: Document = {},
  options: Document = {},
  id = 'platform',
): Document => ({
  id,
  metric,
  evidence: 'platform_report',
  connector: 'file',
  options: { location: `${id}.csv`, format: 'csv', dateField: 'day', valueField: 'total', ...options },
  ...more,
});

const BASE: Document = {
  apiVersion: 'meshline/v1',
  client: { id: 'small-shop', name: 'Small shop', timezone: 'America/New_York', currency: 'USD' },
  people: [
    { id: ADA, name: 'Ada Lind', email: 'ada@agency.example', timezone: 'America/New_York' },
    { id: BEN, name: 'Ben Ray', email: 'ben@agency.example', timezone: 'America/New_York' },
  ],
  owners: {
    metrics: { '*': OWNERS },
    transforms: { '*': OWNERS },
    reports: { nightly: OWNERS },
    incidents: { owner: BEN, deputy: ADA },
  },
  exceptions: {
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
    rerun: { attempts: 0, delay: '1s' },
    decideWithin: '4h',
    escalateTo: BEN,
  },
  sources: [orderSource()],
};

const REPORT: Document = {
  ...NIGHT,
  metrics: ['gross_sales', 'net_sales', 'orders', 'average_order_value'],
  destinations: [{ id: 'mail', kind: 'email', to: [ADA], mode: 'internal', release: 'automatic' }],
};

type Over = { client?: Document; report?: Document } & Document;
type Files = { base: string; files: Record<string, string> };

/** The operating model of a small shop in `folder`, with keys laid over it; `report` and `client` are merged. */
export function shopDocument(folder: string, { client = {}, report = {}, ...over }: Over = {}): Files {
  const base = join(folder, 'operating-model.yaml');
  const document = {
    ...BASE,
    ...over,
    report: { ...REPORT, ...report },
    client: { ...(BASE.client as object), ...client },
  };
  return { base, files: { [base]: JSON.stringify(document) } };
}

/** A folder with the files of a small shop. */
export type SmallShop = {
  folder: string;
  document(over?: Over): Files;
  orders(date: string, orders: readonly Order[], source?: string): Promise<void>;
  write(file: string, text: string): Promise<void>;
  /** Lines under the head `day,total,by` of a control's file. */
  totals(lines: readonly string[], control?: string): Promise<void>;
  removeFile(file: string): Promise<void>;
  remove(): Promise<void>;
};

export async function openSmallShop(): Promise<SmallShop> {
  const folder = await mkdtemp(join(tmpdir(), 'meshline-shop-'));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  return {
    folder,
    document: (over) => shopDocument(folder, over),
    orders: (date, orders, source = 'shop') =>
      write(`${source}-${date}.ndjson`, orders.map((order) => `${JSON.stringify(order)}\n`).join('')),
    write,
    totals: (lines, control = 'platform') => write(`${control}.csv`, ['day,total,by', ...lines, ''].join('\n')),
    removeFile: (file) => rm(join(folder, file)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
