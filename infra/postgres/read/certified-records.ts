import { sql } from 'kysely';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import { firstOfBatch } from '../capture/raw-event-id.ts';
import type { Db } from '../connect.ts';

/** What a certificate names, as a recomputation needs it. */
export type CertificateToRecompute = {
  client_id: string;
  business_date: string;
  issued_at: Date;
  model_version: number;
  transforms: Readonly<Record<string, number>>;
};

export async function certificateToRecompute(db: Db, certificateId: string): Promise<CertificateToRecompute> {
  const { rows } = await sql<CertificateToRecompute>`
    select client_id, business_date, issued_at, (evidence->>'modelVersion')::int as model_version,
      evidence->'transforms' as transforms
    from certificate where certificate_id = ${certificateId}::bigint`.execute(db);
  if (!rows[0]) throw new Error(`certificate ${certificateId} is not stored`);
  return rows[0];
}

export async function transformOf(db: Db, clientId: string, sourceId: string, version: number): Promise<TransformRule> {
  const { rows } = await sql<{ rule: TransformRule }>`
    select rule from transform_version
    where client_id = ${clientId} and transform_id = ${sourceId} and version = ${version}`.execute(db);
  if (!rows[0]) throw new Error(`transform ${sourceId}@${version} of ${clientId} is not stored`);
  return rows[0].rule;
}

/**
 * The transform versions under which a source's certified batches were read: that of the certificate for the day's own
 * slots, and for those of other days the one that they were normalized with.
 */
export async function versionsOfBatches(
  db: Db,
  certificateId: string,
  sourceId: string,
  pinned: number,
): Promise<Map<number, bigint[]>> {
  const { rows } = await sql<{ version: number; batches: string[] }>`
    select case when b.slot_date = c.business_date then ${pinned}::int else coalesce(b.normalized_with, ${pinned}::int) end as version,
      array_agg(b.batch_id::text order by b.batch_id) as batches
    from certificate c join certificate_batch cb using (certificate_id) join capture_batch b using (batch_id)
    where c.certificate_id = ${certificateId}::bigint and b.source_id = ${sourceId}
    group by 1`.execute(db);
  return new Map(rows.map((row) => [row.version, row.batches.map(BigInt)]));
}

/**
 * The records of a source that stood when the certificate was issued, as far as its batches say: what a batch of it
 * took away is gone, and of several records under one key the one stands that stands in a capture of the same batches.
 * Written for the API's role, under whose row-level security the planner uses an index for plain comparisons only, and
 * takes what is gone for a single row: it must not walk it for each record.
 */
export const certifiedRecords = (certificateId: string, sourceId: string, batches: readonly bigint[]) => ({
  text: `
    with batches as (
      select b.batch_id, b.slot, b.slot_date, ${firstOfBatch('b.batch_id')} as first_id, ${firstOfBatch('b.batch_id + 1')} as end_id
      from certificate_batch cb join capture_batch b using (batch_id)
      where cb.certificate_id = $1 and b.source_id = $2
    ), ranked as (
      select r.raw_event_id, r.batch_id, row_number() over (partition by r.key_hash
        order by r.record_version collate "C" desc nulls last, b.slot_date desc, b.slot desc, r.occurrence desc, r.raw_event_id desc) as place
      from batches b join raw_event r on r.raw_event_id >= b.first_id and r.raw_event_id < b.end_id
      where r.raw_event_id not in (select i.raw_event_id from inactive_event i join batches using (batch_id) where i.reason = 'gone')
    )
    select r.raw_event_id, r.batch_id, '', r.payload from ranked k join raw_event r using (raw_event_id)
    where k.place = 1 and k.batch_id = any($3::bigint[]) and r.defect is null and r.payload is not null
    order by r.batch_id, r.raw_event_id`,
  values: [certificateId, sourceId, batches.map(String)],
});
