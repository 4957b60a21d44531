/** A record of the small shop of the tests; all but `id` may be anything, or absent. */
export type Record = Readonly<{ id: unknown } & { [field: string]: unknown }>;

export type OrderModelOptions = {
  /** Also a source of refunds, `refunds-{date}.ndjson`. */
  refunds?: boolean;
  /** The field that gross sales are read from. */
  grossField?: string;
  /** What makes a record the same record; its id unless it says otherwise. */
  key?: readonly string[];
  /** A field that orders versions of one record. */
  versionField?: string;
  effectiveFrom?: string;
  /** Further lines of the mapping of orders, without indentation. */
  mapping?: readonly string[];
  /** Reads `orders-{date}.csv` instead of NDJSON, with these further options, such as `, delimiter: ";"`. */
  csv?: string;
  client?: string;
};

const REFUNDS = `
  - id: refunds
    connector: file
    options: { location: "refunds-{date}.ndjson", format: ndjson }
    contract: { sla: 4h, owner: ada, deputy: ben }
    schema: { type: object, required: [id, at, amount] }
    mapping:
      key: [id]
      occurredAt: { field: at }
      order: order
      entries: [{ is: sales_reversal, amount: [amount], sign: -1 }]`;

/** The operating model of a shop in New York that drops a file of orders a day. */
export function orderModel(options: OrderModelOptions = {}): string {
  const { grossField = 'amount', client = 'acme', mapping = [], key = ['id'] } = options;
  const file = options.csv === undefined ? 'orders-{date}.ndjson' : 'orders-{date}.csv';
  const format = options.csv === undefined ? 'format: ndjson' : `format: csv${options.csv}`;
  const further = [...(options.versionField ? [`version: ${options.versionField}`] : []), ...mapping];
  return `apiVersion: meshline/v1
client: { id: ${client}, name: Acme, timezone: America/New_York, currency: USD }
${options.effectiveFrom ? `effectiveFrom: ${options.effectiveFrom}` : ''}
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
  escalateTo: ben
sources:
  - id: orders
    connector: file
    options: { location: "${file}", ${format} }
    contract: { sla: 4h, owner: ada, deputy: ben }
    schema:
      type: object
      required: [id, at, amount]
      properties:
        id: { type: string }
        at: { type: string, format: date-time }
        amount: { type: string, format: decimal }
        discount: { type: string, format: decimal }
    mapping:
      key: ${JSON.stringify(key)}
      occurredAt: { field: at }
      order: id
      customer: customer
${further.map((line) => `      ${line}\n`).join('')}      entries:
        - { is: gross_sales, amount: [${grossField}] }
        - { is: discount, amount: [discount], sign: -1, when: 'has(row.discount)' }
        - { each: refunds, is: sales_reversal, amount: [item.amount], sign: -1, occurredAt: { field: item.at } }${options.refunds ? REFUNDS : ''}
report:
  id: daily
  metrics: [gross_sales, discounts, sales_reversals, net_sales, orders, orders_in_report, average_order_value]
  slices: [channel]
  schedule: { at: "04:30" }
  destinations: [{ id: team, kind: email, to: [ada], mode: internal, release: automatic }]
`;
}

/** Records as NDJSON. */
export const ordersFile = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
