import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The zone of the generated days; the offset of their times holds from November to March. */
const ZONE = 'America/New_York';

const modelOf = (client: string): string => `apiVersion: meshline/v1
client: { id: ${client}, name: Bench ${client}, timezone: ${ZONE}, currency: USD }
people:
  - { id: ada, name: Ada, email: ada@agency.example, timezone: ${ZONE} }
  - { id: ben, name: Ben, email: ben@agency.example, timezone: ${ZONE} }
owners:
  metrics: { "*": { owner: ada, deputy: ben } }
  transforms: { "*": { owner: ada, deputy: ben } }
  reports: { daily: { owner: ada, deputy: ben } }
  incidents: { owner: ben, deputy: ada }
exceptions:
  retry: { initialInterval: 1s, backoffCoefficient: 2, maximumInterval: 1m, maximumAttempts: 5 }
  decideWithin: 4h
  escalateTo: ben
sources:
  - id: shop
    connector: file
    options: { location: "orders-{date}.ndjson", format: ndjson }
    contract: { sla: 4h, owner: ada, deputy: ben }
    schema:
      type: object
      required: [id, processed_at, currency, subtotal_price, total_price, test, line_items]
      properties:
        id: { type: integer }
        processed_at: { type: string, format: date-time }
        currency: { const: USD }
        subtotal_price: { type: string, format: decimal }
        total_price: { type: string, format: decimal }
        test: { type: boolean }
        line_items:
          type: array
          minItems: 1
          items:
            type: object
            required: [price, quantity, discount]
            properties:
              price: { type: string, format: decimal }
              quantity: { type: integer, minimum: 1 }
              discount: { type: string, format: decimal }
        refunds:
          type: array
          items:
            type: object
            required: [created_at, amount]
            properties:
              created_at: { type: string, format: date-time }
              amount: { type: string, format: decimal }
    mapping:
      key: [id]
      occurredAt: { field: processed_at }
      order: id
      customer: customer.id
      skipWhen: 'row.test'
      landingUrl: landing_site
      entries:
        - { each: line_items, is: gross_sales, amount: [item.price, item.quantity] }
        - { each: line_items, is: discount, amount: [item.discount], sign: -1 }
        - { each: refunds, is: sales_reversal, amount: [item.amount], sign: -1, occurredAt: { field: item.created_at } }
checks:
  - { id: shop-quarantine, kind: quarantine, source: shop, maximumShare: "0.1" }
report:
  id: daily
  metrics: [gross_sales, discounts, sales_reversals, net_sales, orders]
  slices: [channel]
  schedule: { at: "04:30" }
  destinations:
    - { id: mail, kind: email, to: [ada], mode: internal, release: automatic }
`;

/** Writes a client's document beside the files that it names, and returns its path. */
export async function writeModel(folder: string, client: string): Promise<string> {
  const path = join(folder, 'operating-model.yaml');
  await writeFile(path, modelOf(client));
  return path;
}

export const ordersFile = (folder: string, date: string): string => join(folder, `orders-${date}.ndjson`);
