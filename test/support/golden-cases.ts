import { goldenModel, type Prices } from './golden-model.ts';

/** A fixture of the metric definitions, as documents and files that a running system can be given. */
export type GoldenCase = {
  /** `G1` and so on. */
  id: string;
  title: string;
  /** Id of its client. */
  client: string;
  /** Text of the operating model; its files lie beside it. */
  model: string;
  /** Texts by file name, by the business day that they are delivered for. Every source has a file on every day. */
  files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Published values by metric, by business day; null is a ratio over nothing. */
  expected: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
};

type Json = Readonly<Record<string, unknown>>;
type Delivered = { orders?: readonly Json[]; changes?: readonly Json[]; payments?: readonly Json[] };
type Days = Readonly<Record<string, Delivered>>;

const D = '2026-03-02';
/** D+1, D+2 and so on. */
const after = (days: number): string => new Date(Date.parse(D) + days * 86_400_000).toISOString().slice(0, 10);
const noon = (date: string): string => `${date}T17:00:00Z`;

const lines = (records: readonly Json[] = []): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');

function golden(
  id: string,
  title: string,
  days: Days,
  expected: GoldenCase['expected'],
  prices: Prices = 'without_tax',
): GoldenCase {
  const client = `golden-${id.toLowerCase()}`;
  const files = Object.fromEntries(
    Object.entries(days).map(([date, { orders, changes, payments }]) => [
      date,
      {
        [`orders-${date}.ndjson`]: lines(orders),
        [`changes-${date}.ndjson`]: lines(changes),
        [`payments-${date}.ndjson`]: lines(payments),
      },
    ]),
  );
  return { id, title, client, model: goldenModel(client, prices), files, expected };
}

const order = (id: string, at: string, price: string, quantity = 1, more: Json = {}): Json => ({
  id,
  processed_at: at,
  lines: [{ price, quantity }],
  ...more,
});
const change = (id: string, at: string, what: Json): Json => ({ id, order_id: 'A1', at, ...what });
const payment = (id: string, at: string, kind: string, amount: string, gateway = 'card'): Json => ({
  ...{ id, order_id: 'A1', at, kind, amount, gateway },
});

/** The order of G1, which others build on. */
const G1_ORDER = order('A1', noon(D), '50.00', 2, { shipping: '10.00', tax: '8.80' });
const G1_DAY = {
  ...{ gross_sales: '100.00', net_sales: '100.00', shipping: '10.00', taxes: '8.80', total_sales: '118.80' },
  ...{ orders: '1', average_order_value: '100.00', sales_reversals: '0.00', discounts: '0.00' },
};
/** G1, and one change of it on a later day. */
const changed = (id: string, title: string, days: number, what: Json, expected: Record<string, string | null>) =>
  golden(
    id,
    title,
    { [D]: { orders: [G1_ORDER] }, [after(days)]: { changes: [change('C1', noon(after(days)), what)] } },
    { [D]: G1_DAY, [after(days)]: { orders: '0', average_order_value: null, ...expected } },
  );

const sold = (gross: string, orders: string) => ({ gross_sales: gross, orders, orders_in_report: orders });

const VAT_ORDER = { lines: [{ price: '9.99', quantity: 2 }] };

/** The fixtures of the metric definitions, each under its own client. */
export const GOLDEN_CASES: readonly GoldenCase[] = [
  golden('G1', 'an order with shipping and tax', { [D]: { orders: [G1_ORDER] } }, { [D]: G1_DAY }),
  golden(
    'G2',
    'a discount on the order',
    { [D]: { orders: [order('A1', noon(D), '50.00', 2, { discount: '10.00', shipping: '10.00', tax: '8.00' })] } },
    {
      [D]: {
        ...{ gross_sales: '100.00', discounts: '-10.00', net_sales: '90.00', taxes: '8.00', total_sales: '108.00' },
        average_order_value: '90.00',
      },
    },
  ),
  golden(
    'G4',
    'a shirt paid with a gift card and a card',
    {
      [D]: {
        orders: [order('A1', noon(D), '20.00')],
        payments: [payment('P1', noon(D), 'sale', '5.00', 'gift_card'), payment('P2', noon(D), 'sale', '15.00')],
      },
    },
    {
      [D]: {
        ...{ gross_sales: '20.00', total_sales: '20.00', gross_payments: '20.00', gift_card_redemptions: '-5.00' },
      },
    },
  ),
  changed(
    'G5',
    'one unit refunded with its tax',
    3,
    { goods: '50.00', tax: '4.00' },
    {
      ...{ gross_sales: '0.00', sales_reversals: '-50.00', net_sales: '-50.00', taxes: '-4.00', total_sales: '-54.00' },
    },
  ),
  changed(
    'G6',
    'shipping refunded',
    4,
    { shipping: '10.00', tax: '0.80' },
    {
      ...{ sales_reversals: '0.00', shipping: '-10.00', taxes: '-0.80', total_sales: '-10.80' },
    },
  ),
  changed(
    'G7',
    'goodwill without a line',
    1,
    { adjustment: '-5.00' },
    {
      ...{ adjustments: '-5.00', sales_reversals: '0.00', total_sales: '-5.00' },
    },
  ),
  changed(
    'G8',
    'an item returned, less paid back',
    1,
    { goods: '50.00', adjustment: '10.00' },
    {
      ...{ sales_reversals: '-50.00', adjustments: '10.00', net_sales: '-40.00' },
    },
  ),
  changed(
    'G9',
    'an order cancelled on the next day',
    1,
    { goods: '100.00', shipping: '10.00', tax: '8.80' },
    {
      ...{
        gross_sales: '0.00',
        sales_reversals: '-100.00',
        shipping: '-10.00',
        taxes: '-8.80',
        total_sales: '-118.80',
      },
      orders_in_report: '0',
    },
  ),
  changed(
    'G10',
    'an edit that adds to the order',
    2,
    { added: '30.00' },
    {
      ...{ gross_sales: '30.00', net_sales: '30.00', orders_in_report: '1' },
    },
  ),
  golden(
    'G12',
    'the night in which clocks go forward, and the ends of a day of 23 hours',
    {
      '2026-03-07': { orders: [order('A0', '2026-03-08T04:59:59Z', '1.00')] },
      '2026-03-08': {
        orders: [
          order('A1', '2026-03-09T03:30:00Z', '100.00'),
          order('A2', '2026-03-08T05:00:00Z', '10.00'),
          order('A3', '2026-03-09T03:59:59Z', '1.00'),
        ],
      },
      '2026-03-09': { orders: [order('A4', '2026-03-09T04:00:00Z', '1.00')] },
    },
    { '2026-03-07': sold('1.00', '1'), '2026-03-08': sold('111.00', '3'), '2026-03-09': sold('1.00', '1') },
  ),
  golden(
    'G13',
    'a dispute lost, then won',
    {
      [D]: { orders: [G1_ORDER], payments: [payment('P1', noon(D), 'sale', '118.80')] },
      [after(20)]: {
        payments: [payment('P2', noon(after(20)), 'dispute', '118.80'), payment('P3', noon(after(20)), 'fee', '15.00')],
      },
      [after(60)]: { payments: [payment('P4', noon(after(60)), 'dispute_won', '118.80')] },
    },
    {
      [D]: { ...G1_DAY, disputes: '0.00' },
      [after(20)]: { total_sales: '0.00', disputes: '-118.80', processing_fees: '-15.00' },
      [after(60)]: { total_sales: '0.00', disputes: '118.80' },
    },
  ),
  golden(
    'G16',
    'the same order twice in a file, and again in the next one',
    { [D]: { orders: [G1_ORDER, G1_ORDER] }, [after(1)]: { orders: [G1_ORDER] } },
    { [D]: G1_DAY, [after(1)]: { ...sold('0.00', '0'), total_sales: '0.00' } },
  ),
  golden(
    'G17',
    'a test order',
    { [D]: { orders: [order('A1', noon(D), '50.00', 2, { shipping: '10.00', tax: '8.80', test: true })] } },
    {
      [D]: {
        ...{ gross_sales: '0.00', discounts: '0.00', net_sales: '0.00', shipping: '0.00', taxes: '0.00' },
        ...{ total_sales: '0.00', orders: '0', orders_in_report: '0', average_order_value: null },
      },
    },
  ),
  golden(
    'G18',
    'unit prices and large quantities',
    {
      [D]: {
        orders: [
          {
            ...{ id: 'A1', processed_at: noon(D) },
            lines: [
              { price: '1.95', quantity: 8_000 },
              { price: '6.95', quantity: 800 },
            ],
          },
        ],
      },
    },
    { [D]: sold('21160.00', '1') },
  ),
  golden(
    'G19',
    'two captures of one order: amounts of the order once, not twice',
    {
      [D]: {
        orders: [order('A1', noon(D), '65.99', 1, { discount: '5.00', shipping: '7.00', tax: '2.00' })],
        payments: [
          payment('P0', noon(D), 'authorization', '69.99'),
          payment('P1', noon(D), 'sale', '49.99'),
          payment('P2', noon(D), 'capture', '20.00'),
          payment('P3', noon(D), 'refund', '10.00'),
        ],
      },
    },
    {
      [D]: {
        ...{ gross_payments: '69.99', refunds: '-10.00', net_payments: '59.99', taxes: '2.00', discounts: '-5.00' },
        ...{ shipping: '7.00', total_sales: '69.99', orders: '1' },
      },
    },
  ),
  golden(
    'G20',
    'an order that is wholly discounted',
    { [D]: { orders: [order('A1', noon(D), '269.00', 1, { discount: '269.00' })] } },
    {
      [D]: {
        ...{ gross_sales: '269.00', discounts: '-269.00', net_sales: '0.00', gross_payments: '0.00', orders: '1' },
        average_order_value: '0.00',
      },
    },
  ),
  golden(
    'G22',
    'the night in which clocks go back, and the ends of a day of 25 hours',
    {
      '2026-10-31': { orders: [order('A0', '2026-11-01T03:59:59Z', '1.00')] },
      '2026-11-01': {
        orders: [
          order('A1', '2026-11-01T05:30:00Z', '100.00'),
          order('A2', '2026-11-01T06:30:00Z', '10.00'),
          order('A3', '2026-11-01T04:00:00Z', '1.00'),
          order('A4', '2026-11-02T04:59:59Z', '1.00'),
        ],
      },
      '2026-11-02': { orders: [order('A5', '2026-11-02T05:00:00Z', '1.00')] },
    },
    { '2026-10-31': sold('1.00', '1'), '2026-11-01': sold('112.00', '4'), '2026-11-02': sold('1.00', '1') },
  ),
  golden(
    'G23',
    'prices that include tax, and the tax line of the source',
    { [D]: { orders: [{ ...VAT_ORDER, id: 'A1', processed_at: noon(D), subtotal: '19.98', tax: '3.33' }] } },
    { [D]: { gross_sales: '16.65', taxes: '3.33', total_sales: '19.98' } },
    'with_tax',
  ),
  golden(
    'G24',
    'a discount on prices that include tax, and one unit back',
    {
      [D]: {
        orders: [{ ...VAT_ORDER, id: 'A1', processed_at: noon(D), discount: '2.00', subtotal: '17.98', tax: '3.00' }],
      },
      [after(4)]: { changes: [change('C1', noon(after(4)), { goods: '8.99', tax: '1.50' })] },
    },
    {
      [D]: { gross_sales: '16.65', discounts: '-1.67', net_sales: '14.98', taxes: '3.00', total_sales: '17.98' },
      [after(4)]: { sales_reversals: '-7.49', taxes: '-1.50', total_sales: '-8.99' },
    },
    'with_tax',
  ),
];
