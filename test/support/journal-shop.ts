import { fileControl, openSmallShop, type SmallShop } from './small-shop.ts';

/** A line of the shop's journal; what a test leaves out is an ordinary sale. */
export type JournalLine = Readonly<{
  order: string;
  at: string;
  type: 'sale' | 'return';
  price: string;
  quantity: string;
  shipping: string;
  email: string;
}>;
export const COLUMNS = ['order', 'at', 'type', 'price', 'quantity', 'shipping', 'email'] as const;

export const ZONE = 'America/New_York';

const MAPPING = {
  key: ['$file', '$line'],
  occurredAt: { field: 'at', zone: 'client' },
  order: 'order',
  customer: 'email',
  entries: [
    { is: 'gross_sales', when: 'row.type == "sale"', amount: ['price', 'quantity'] },
    { is: 'sales_reversal', when: 'row.type == "return"', amount: ['price', 'quantity'], sign: -1 },
    { is: 'shipping', amount: ['shipping'] },
  ],
};

/** The source of the journal: `journal-<date>.csv`, a line for everything sold or taken back. */
export const journalSource = (mapping: object = {}) => ({
  id: 'journal',
  connector: 'file',
  options: { location: 'journal-{date}.csv', format: 'csv' },
  contract: { sla: '4h', owner: 'ada', deputy: 'ben' },
  schema: {
    type: 'object',
    required: ['order', 'at', 'type', 'price', 'quantity', 'shipping'],
    properties: {
      order: { type: 'string' },
      at: { type: 'string', format: 'local-date-time' },
      type: { enum: ['sale', 'return'] },
      price: { type: 'string', format: 'decimal' },
      quantity: { type: 'string', format: 'decimal' },
      shipping: { type: 'string', format: 'decimal' },
    },
  },
  mapping: { ...MAPPING, ...mapping },
});

const cents = (amount: number): string => (amount / 100).toFixed(2);
const two = (value: number): string => String(value).padStart(2, '0');

/** An ordinary day: sales around the clock, some equal lines, a return now and then. */
export function journalOf(date: string, lines = 40): JournalLine[] {
  return Array.from({ length: lines }, (_, at) => ({
    order: `${date.slice(5)}-${1000 + at}`,
    at: `${date} ${two(Math.trunc((at * 24) / lines))}:${two((at * 7) % 60)}:00`,
    type: at % 9 === 8 ? 'return' : 'sale',
    price: cents(1_050 + ((at * 379) % 2_711)),
    quantity: String(1 + (at % 3)),
    shipping: at % 4 === 0 ? '4.90' : '0.00',
    email: `buyer${at % 17}@shop.example.de`,
  }));
}

/** What a payment ledger of its own would say of these lines: sales less what was taken back. */
export function netOf(lines: readonly JournalLine[], also: 'nothing' | 'shipping' = 'nothing'): string {
  const sum = lines.reduce((total, { type, price, quantity, shipping }) => {
    const amount = Math.round(Number(price) * 100) * Number(quantity);
    return (
      total + (type === 'sale' ? amount : -amount) + (also === 'shipping' ? Math.round(Number(shipping) * 100) : 0)
    );
  }, 0);
  return cents(sum);
}

const quoted = (value: string): string => (value.includes(',') ? `"${value}"` : value);

/** The lines as the shop's system writes them. */
export const journalText = (lines: readonly JournalLine[], header: readonly string[] = COLUMNS): string =>
  [header.join(','), ...lines.map((line) => COLUMNS.map((column) => quoted(line[column])).join(',')), ''].join('\n');

export type JournalShop = SmallShop & {
  journal(date: string, text: string): Promise<void>;
  /** The shop's operating model, with keys laid over it. */
  model(clientId: string, over?: Record<string, unknown>): ReturnType<SmallShop['document']>;
};

/** A shop with a journal and a control of its net sales. */
export async function openJournalShop(): Promise<JournalShop> {
  const shop = await openSmallShop();
  return {
    ...shop,
    journal: (date, text) => shop.write(`journal-${date}.csv`, text),
    model: (clientId, over = {}) =>
      shop.document({
        client: { id: clientId, timezone: ZONE },
        sources: [journalSource()],
        checks: [{ id: 'journal-arrived', kind: 'completeness', source: 'journal', minimumRecords: 10 }],
        controls: [fileControl('net_sales', { required: true })],
        report: { metrics: ['gross_sales', 'sales_reversals', 'net_sales', 'shipping', 'orders'] },
        ...over,
      }),
  };
}
