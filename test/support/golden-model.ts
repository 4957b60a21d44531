/** How prices are told: without tax, or with the tax of the source's own tax line in them. */
export type Prices = 'without_tax' | 'with_tax';

const ORDERS: Record<Prices, string> = {
  without_tax: `
        - { each: lines, is: gross_sales, amount: [item.price, item.quantity] }
        - { is: discount, amount: [discount], sign: -1, when: 'has(row.discount)' }`,
  // Gross is what the lines say less the tax in them: the tax that was charged, and the tax that the discount took away.
  with_tax: `
        - { each: lines, is: gross_sales, amount: [item.price, item.quantity] }
        - { is: gross_sales, amount: [tax], sign: -1 }
        - { is: gross_sales, share: { of: discount, part: tax, whole: subtotal }, sign: -1, when: 'has(row.discount)' }
        - { is: discount, amount: [discount], sign: -1, when: 'has(row.discount)' }
        - { is: discount, share: { of: discount, part: tax, whole: subtotal }, when: 'has(row.discount)' }`,
};

const CHANGES: Record<Prices, string> = {
  without_tax: `
        - { is: sales_reversal, amount: [goods], sign: -1, when: 'has(row.goods)' }`,
  with_tax: `
        - { is: sales_reversal, amount: [goods], sign: -1, when: 'has(row.goods)' }
        - { is: sales_reversal, amount: [tax], when: 'has(row.goods)' }`,
};

const PEOPLE = `
people:
  - { id: ada, name: Ada, email: ada@agency.example, timezone: America/New_York }
  - { id: ben, name: Ben, email: ben@agency.example, timezone: America/New_York }
owners:
  metrics: { "*": { owner: ada, deputy: ben } }
  transforms: { "*": { owner: ada, deputy: ben } }
  reports: { "*": { owner: ada, deputy: ben } }
  incidents: { owner: ada, deputy: ben }
exceptions:
  retry: { initialInterval: 1s, backoffCoefficient: 2, maximumInterval: 1m, maximumAttempts: 3 }
  escalateTo: ben`;

const CONTRACT = 'contract: { sla: 4h, owner: ada, deputy: ben }';

const PAYMENTS = `
  - id: payments
    connector: file
    options: { location: "payments-{date}.ndjson", format: ndjson }
    ${CONTRACT}
    schema:
      type: object
      required: [id, order_id, at, kind, amount]
      properties: { amount: { type: string, format: decimal }, at: { type: string, format: date-time } }
    mapping:
      key: [id]
      occurredAt: { field: at }
      order: order_id
      book: payments
      dimensions: { gateway: gateway }
      entries:
        - { is: charge, amount: [amount], when: 'row.kind in ["sale", "capture"]' }
        - { is: refund, amount: [amount], sign: -1, when: 'row.kind == "refund"' }
        - { is: processing_fee, amount: [amount], sign: -1, when: 'row.kind == "fee"' }
        - { is: dispute, amount: [amount], sign: -1, when: 'row.kind == "dispute"' }
        - { is: dispute_reversal, amount: [amount], when: 'row.kind == "dispute_won"' }
        - { is: gift_card_redemption, book: sales, amount: [amount], sign: -1, when: 'row.kind == "sale" && row.gateway == "gift_card"' }`;

/** What the fixtures are computed to. */
export const GOLDEN_METRICS = [
  ...['gross_sales', 'discounts', 'sales_reversals', 'adjustments', 'net_sales', 'shipping', 'taxes', 'total_sales'],
  ...['orders', 'orders_in_report', 'average_order_value', 'gift_card_redemptions'],
  ...['gross_payments', 'refunds', 'net_payments', 'processing_fees', 'disputes'],
];

/** A shop in New York that drops three files a day: orders, what happened to them later, and payments. */
export const goldenModel = (client: string, prices: Prices): string => `apiVersion: meshline/v1
client: { id: ${client}, name: ${client}, timezone: America/New_York, currency: USD }
${PEOPLE}
sources:
  - id: orders
    connector: file
    options: { location: "orders-{date}.ndjson", format: ndjson }
    ${CONTRACT}
    schema:
      type: object
      required: [id, processed_at, lines]
      properties:
        processed_at: { type: string, format: date-time }
        lines: { type: array, items: { type: object, required: [price, quantity] } }
    mapping:
      key: [id]
      occurredAt: { field: processed_at }
      order: id
      skipWhen: 'has(row.test) && row.test'
      entries:${ORDERS[prices]}
        - { is: shipping, amount: [shipping], when: 'has(row.shipping)' }
        - { is: tax, amount: [tax], when: 'has(row.tax)' }
  - id: changes
    connector: file
    options: { location: "changes-{date}.ndjson", format: ndjson }
    ${CONTRACT}
    schema:
      type: object
      required: [id, order_id, at]
      properties: { at: { type: string, format: date-time } }
    mapping:
      key: [id]
      occurredAt: { field: at }
      order: order_id
      entries:${CHANGES[prices]}
        - { is: gross_sales, amount: [added], when: 'has(row.added)' }
        - { is: adjustment, amount: [adjustment], when: 'has(row.adjustment)' }
        - { is: shipping, amount: [shipping], sign: -1, when: 'has(row.shipping)' }
        - { is: tax, amount: [tax], sign: -1, when: 'has(row.tax)' }
${PAYMENTS.slice(1)}
report:
  id: daily
  metrics: [${GOLDEN_METRICS.join(', ')}]
  slices: [gateway]
  schedule: { at: "04:30" }
  destinations: [{ id: team, kind: email, to: [ada], mode: internal, release: automatic }]
`;
