import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { CapturedSource } from '../../activities/capture.ts';
import type { NormalizedDay } from '../../activities/normalize.ts';
import { type OrderModelOptions, orderModel, ordersFile } from './order-model.ts';
import type { Pipeline } from './pipeline.ts';

export const DATE = '2026-03-02';

/** What a client's ledger holds, without the ids that tell when it was written. */
export type LedgerContent = { standing: string[]; quarantined: string[]; duplicates: number };

/** A client of its own in a pipeline, with one source of orders. */
export type SmallLedger = {
  client: string;
  /** Path of the file of a day. */
  pathOf(date?: string): string;
  deliver(content: string | Buffer | readonly object[], date?: string): Promise<void>;
  capture(date?: string): Promise<CapturedSource>;
  /** Captures and normalizes a day. */
  run(date?: string): Promise<{ captured: CapturedSource; normalized: NormalizedDay }>;
  apply(options: OrderModelOptions): Promise<void>;
  content(): Promise<LedgerContent>;
  count(table: string): Promise<number>;
};

let made = 0;

/** Every standing entry as text, in an order that does not depend on ids. */
async function standing({ database }: Pipeline, client: string): Promise<string[]> {
  const { rows } = await sql<{ entry: string }>`
    select concat_ws(' ', e.store_id, e.source_id, e.book, e.kind, e.business_date, e.occurred_at, e.amount_micros,
      e.currency, e.order_id, coalesce(e.customer_key::text, '-'), coalesce(e.channel, '-'), coalesce(e.campaign, '-'),
      coalesce(e.dimensions::text, '-')) as entry
    from ledger_entry e
    where e.client_id = ${client} and e.reverses_entry_id is null
      and not exists (select from ledger_entry x where x.reverses_entry_id = e.entry_id)
    order by 1`.execute(database.db);
  // Clients differ in the store's name and in the hash of the same customer; what is compared is what they hold.
  return rows.map(({ entry }) => entry.replaceAll(client, 'shop').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'customer'));
}

async function quarantined({ database }: Pipeline, client: string): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', q.business_date, coalesce(q.amount_micros::text, '-'), q.currency, q.errors) as line
    from quarantine q where q.client_id = ${client} and q.released_at is null order by 1`.execute(database.db);
  return rows.map((row) => row.line);
}

async function duplicates({ database }: Pipeline, client: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from inactive_event where client_id = ${client} and reason = 'duplicate'`.execute(
    database.db,
  );
  return rows[0]!.count;
}

/** Makes a client in a folder of its own and applies its document. */
export async function openLedger(pipeline: Pipeline, options: OrderModelOptions = {}): Promise<SmallLedger> {
  made += 1;
  const client = `shop-${made}`;
  const folder = join(pipeline.folder, client);
  await mkdir(folder, { recursive: true });
  let wanted = options;
  const pathOf = (date = DATE) => join(folder, `orders-${date}.${wanted.csv === undefined ? 'ndjson' : 'csv'}`);
  const ledger: SmallLedger = {
    client,
    pathOf,
    async deliver(content, date = DATE) {
      const isRaw = typeof content === 'string' || Buffer.isBuffer(content);
      await writeFile(pathOf(date), isRaw ? content : ordersFile(content));
    },
    async capture(date = DATE) {
      return (await pipeline.capture(client, date))[0]!;
    },
    async run(date = DATE) {
      const captured = await ledger.capture(date);
      return { captured, normalized: await pipeline.normalize(client, date) };
    },
    async apply(changed) {
      wanted = { ...wanted, ...changed };
      await writeFile(join(folder, 'model.yaml'), orderModel({ ...wanted, client }));
      await pipeline.apply(join(folder, 'model.yaml'));
    },
    async content() {
      return {
        standing: await standing(pipeline, client),
        quarantined: await quarantined(pipeline, client),
        duplicates: await duplicates(pipeline, client),
      };
    },
    async count(table) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from ${sql.table(table)} where client_id = ${client}`.execute(
        pipeline.database.db,
      );
      return rows[0]!.count;
    },
  };
  await ledger.apply(options);
  return ledger;
}

/** An order of the day at a full hour of local time. */
export const order = (id: string, amount: string, more: object = {}): { id: string } => ({
  ...{ id, at: `${DATE}T15:00:00Z`, amount, customer: `c-${id}` },
  ...more,
});
