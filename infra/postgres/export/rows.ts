import { sql } from 'kysely';
import { datesInRange } from '../../../domain/business-day.ts';
import type { Db } from '../connect.ts';

/**
 * A published number as a file holds it. Certificate and finality are those that its version was published with: the
 * same versions make the same file, whenever it is written.
 */
export type ExportedRow = {
  client: string;
  store: string;
  business_date: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  version: number;
  value_micros: bigint | null;
  currency: string | null;
  status: string;
  finality: string;
  final_at: Date | null;
  certificate: string;
  reason: string | null;
  published_at: Date;
};

const PAGE = 5_000;

/** The next numbers of a day after one of them, by bytes, so that every database has the same order. */
async function nextPage(
  db: Db,
  clientId: string,
  date: string,
  after: ExportedRow | undefined,
): Promise<ExportedRow[]> {
  const key = sql`n.store_id collate "C", n.metric collate "C", n.dimension collate "C", n.member collate "C"`;
  const from = after
    ? sql`(${key}) > (${after.store}, ${after.metric}, ${after.dimension}, ${after.member})`
    : sql`true`;
  // One sort finds the present versions and puts them in order: by bytes, which is many times faster than by language.
  const { rows } = await sql<ExportedRow>`
    select n.client_id as client, n.store_id as store, n.business_date, n.metric, n.definition, n.dimension, n.member,
      n.version, n.value_micros, n.currency, n.status, n.finality, n.final_at, c.state as certificate, n.reason, n.published_at
    from (
      select distinct on (${key}) n.* from published_number n
      where n.client_id = ${clientId} and n.business_date = ${date} and ${from}
      order by ${key}, n.version desc limit ${PAGE}
    ) n join certificate c using (certificate_id)
    order by ${key}`.execute(db);
  return rows;
}

/**
 * The present versions of a client's numbers of a range of days, both ends included, in pages: the memory that they
 * take does not grow with the range. Read in one snapshot, so that all of them are of one moment.
 */
export async function* exportedRows(
  db: Db,
  clientId: string,
  { from, to }: { from: string; to: string },
): AsyncGenerator<readonly ExportedRow[]> {
  for (const date of datesInRange(from, to)) {
    let page = await nextPage(db, clientId, date, undefined);
    while (page.length > 0) {
      yield page;
      page = page.length < PAGE ? [] : await nextPage(db, clientId, date, page.at(-1));
    }
  }
}

/** Whether anything of a day is published. */
export async function hasNumbers(db: Db, clientId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select from published_number where client_id = ${clientId} and business_date = ${date} limit 1`.execute(db);
  return rows.length > 0;
}
