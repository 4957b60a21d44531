import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { finalityNow } from '../publish/finality.ts';

/** The present version of a published number, with its certificate as it stands now. */
export type CurrentNumber = {
  store_id: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  version: number;
  value_micros: bigint | null;
  currency: string | null;
  status: 'published' | 'undefined';
  finality: 'provisional' | 'final';
  certificate: 'reconciled' | 'qualified' | 'unreconciled' | 'lapsed';
};

/** Every number that is published of a day. */
export async function currentNumbers(db: Db, clientId: string, date: string): Promise<CurrentNumber[]> {
  const { rows } = await sql<CurrentNumber>`
    select distinct on (n.metric, n.store_id, n.dimension, n.member) n.store_id, n.metric, n.definition, n.dimension, n.member,
      n.version, n.value_micros, n.currency, n.status, ${finalityNow('n')} as finality,
      case when c.lapsed_at is null then c.state else 'lapsed' end as certificate
    from published_number n
    join current_certificate cc using (client_id, business_date, metric, store_id)
    join certificate c on c.certificate_id = cc.certificate_id
    where n.client_id = ${clientId} and n.business_date = ${date}
    order by n.metric, n.store_id, n.dimension, n.member, n.version desc`.execute(db);
  return rows;
}

/** How far back the same weekday is looked at for what a source usually has. */
const WEEKS = 8;

/** What a source usually brings on the weekday of a date: the median of the records of the weeks before, by source. */
export async function usualRecords(db: Db, clientId: string, date: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ source_id: string; records: number }>`
    select source_id, (percentile_disc(0.5) within group (order by records))::int as records from (
      select distinct on (source_id, slot_date) source_id, records from capture_batch
      where client_id = ${clientId} and slot_date = any(select ${date}::date - 7 * w from generate_series(1, ${WEEKS}::int) w)
      order by source_id, slot_date, sequence desc
    ) weeks group by source_id`.execute(db);
  return new Map(rows.map((row) => [row.source_id, row.records]));
}
