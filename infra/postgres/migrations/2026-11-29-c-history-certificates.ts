import { type Kysely, sql } from 'kysely';

/**
 * The present version has its present certificate, an earlier one its own. That a later certificate took the place of one
 * says nothing against the version: only an input that changed does.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view published_number_history with (security_barrier) as
    select n.client_id as client, n.store_id as store, n.business_date, n.metric, n.definition, n.dimension, n.member, n.version,
      trim_scale(n.value_micros * 0.000001) as value, n.currency, n.status,
      case when coalesce(n.final_at <= now(), n.finality = 'final') then 'final' else 'provisional' end as finality, n.final_at,
      case when c.lapsed_at is null or c.lapse_reason = 'replaced by a later certificate' then c.state else 'lapsed' end
        as certificate, n.reason, n.published_at
    from published_number n
    join warehouse_client w using (client_id)
    left join current_certificate cc on cc.client_id = n.client_id and cc.business_date = n.business_date
      and cc.metric = n.metric and cc.store_id = n.store_id and not exists (
        select from published_number l
        where l.client_id = n.client_id and l.business_date = n.business_date and l.metric = n.metric
          and l.store_id = n.store_id and l.dimension = n.dimension and l.member = n.member and l.version > n.version)
    join certificate c on c.certificate_id = coalesce(cc.certificate_id, n.certificate_id)`.execute(db);
}
