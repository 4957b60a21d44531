import { sql } from 'kysely';
import type { Basis } from '../../../domain/publish/revise.ts';
import type { Db } from '../connect.ts';
import { finalityNow } from '../publish/finality.ts';
import type { Evidence, NumberKey } from './explain.ts';

/** A version of a number, with the certificate that was issued with it. */
export type VersionRow = {
  version: number;
  definition: string;
  value_micros: bigint | null;
  currency: string | null;
  status: 'published' | 'undefined';
  finality: 'provisional' | 'final';
  reason: string | null;
  basis: Basis;
  published_at: Date;
  attempt: number;
  started_by: string;
  /** What was said when the revision was planned; null where it was not, or nothing was. */
  planned: { reason: string | null; onBehalfOf: string | null } | null;
  /** The present certificate of the present version; of an earlier one its own. */
  standing_certificate_id: string;
  evidence: Evidence;
  audit_sequence: bigint;
  audit_hash: string;
  /** The newest of the day's entries that it was made of. */
  last_entry_id: bigint;
};

/**
 * Every version of a number, the first one first. Certificates of before there were marks rest on the entries of their
 * batches that were there when they were issued.
 */
export async function versionsOf(db: Db, key: NumberKey): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select n.version, n.definition, n.value_micros, n.currency, n.status, ${finalityNow('n')} as finality, n.reason, n.basis,
      n.published_at, n.attempt, a.actor as started_by, p.planned, c.evidence,
      case when n.version = max(n.version) over () then coalesce(cc.certificate_id, c.certificate_id)
        else c.certificate_id end::text as standing_certificate_id, c.audit_sequence, c.audit_hash,
      coalesce(c.last_entry_id, (select max(e.entry_id) from ledger_entry e
        where e.client_id = c.client_id and e.business_date = c.business_date and e.posted_at <= c.issued_at
          and e.batch_id in (select batch_id from certificate_batch b where b.certificate_id = c.certificate_id)), 0) as last_entry_id
    from published_number n join certificate c using (certificate_id)
      join attempt a on a.client_id = n.client_id and a.business_date = n.business_date and a.attempt = n.attempt
      left join current_certificate cc on cc.client_id = n.client_id and cc.business_date = n.business_date
        and cc.metric = n.metric and cc.store_id = n.store_id
      left join lateral (
        select jsonb_build_object('reason', e.record::jsonb->'detail'->'reason', 'onBehalfOf', e.record::jsonb->'onBehalfOf') as planned
        from audit_event e
        where n.basis = 'planned' and e.client_id = n.client_id and e.business_date = n.business_date
          and e.record::jsonb->>'action' = 'close.revise_requested' and e.record::jsonb->'detail'->>'runId' = a.run_id
        order by e.sequence limit 1
      ) p on true
    where n.client_id = ${key.clientId} and n.business_date = ${key.businessDate} and n.metric = ${key.metric}
      and n.store_id = ${key.storeId} and n.dimension = ${key.dimension} and n.member = ${key.member}
    order by n.version`.execute(db);
  return rows;
}

export type ToldRow = {
  version: number;
  destination_id: string;
  kind: string;
  report_id: string;
  business_date: string;
  status: string;
  recipients: readonly string[];
  message_id: string;
  sent_at: Date | null;
};

/** The deliveries that show each version of a number, in their order. */
export async function toldVersions(db: Db, key: NumberKey): Promise<ToldRow[]> {
  const { rows } = await sql<ToldRow>`
    select n.version, d.destination_id, d.kind, d.report_id, d.business_date, d.status, d.recipients, d.message_id, d.sent_at
    from delivery_number n join delivery d using (delivery_id)
    where n.client_id = ${key.clientId} and n.business_date = ${key.businessDate} and n.metric = ${key.metric}
      and n.store_id = ${key.storeId} and n.dimension = ${key.dimension} and n.member = ${key.member}
    order by n.version, d.delivery_id`.execute(db);
  return rows;
}

/** What metrics of the same place said when a version was published: those of its own attempt, or the latest before. */
export async function valuesAsOf(
  db: Db,
  key: NumberKey,
  metrics: readonly string[],
  attempt: number,
): Promise<Map<string, { value_micros: bigint | null; currency: string | null }>> {
  const { rows } = await sql<{ metric: string; value_micros: bigint | null; currency: string | null }>`
    select distinct on (metric) metric, value_micros, currency from published_number
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and metric = any(${[...metrics]})
      and store_id = ${key.storeId} and dimension = ${key.dimension} and member = ${key.member} and attempt <= ${attempt}
    order by metric, version desc`.execute(db);
  return new Map(rows.map(({ metric, ...value }) => [metric, value]));
}
