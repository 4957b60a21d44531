import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { finalityNow } from '../publish/finality.ts';
import type { CurrentNumber } from '../report/numbers.ts';

export type NumberRow = CurrentNumber & {
  business_date: string;
  reason: string | null;
  published_at: Date;
};
export type NumberFilter = {
  clientId: string;
  metric: string | null;
  from: string | null;
  to: string | null;
  /** '' is the totals. */
  dimension: string;
  allVersions: boolean;
};

/**
 * Published numbers in the order of their days, at most `limit` of them. The present version stands on the certificate
 * that the metric has now; an older one keeps its own.
 */
export async function findNumbers(db: Db, filter: NumberFilter, limit: number): Promise<NumberRow[]> {
  const { rows } = await sql<NumberRow>`
    with numbers as (
      select n.*, row_number() over (partition by business_date, metric, store_id, dimension, member order by version desc) = 1
        as present
      from published_number n
      where client_id = ${filter.clientId} and dimension = ${filter.dimension}
        and (${filter.metric}::text is null or metric = ${filter.metric})
        and (${filter.from}::date is null or business_date >= ${filter.from})
        and (${filter.to}::date is null or business_date <= ${filter.to})
    )
    select n.store_id, n.metric, n.definition, n.dimension, n.member, n.business_date, n.version, n.value_micros, n.currency,
      n.status, ${finalityNow('n')} as finality, n.reason, n.published_at,
      case when c.lapsed_at is null then c.state else 'lapsed' end as certificate
    from numbers n
    left join current_certificate cc using (client_id, business_date, metric, store_id)
    join certificate c on c.certificate_id = case when n.present then coalesce(cc.certificate_id, n.certificate_id) else n.certificate_id end
    where ${filter.allVersions} or n.present
    order by n.business_date, n.metric, n.store_id, n.member, n.version limit ${limit}`.execute(db);
  return rows;
}
