import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What a certificate was issued over, and which of its sources have had records replaced or taken away since. */
export type CertifiedBefore = {
  definition: string;
  transforms: Readonly<Record<string, number>>;
  decisions: ReadonlySet<string>;
  replaced: ReadonlySet<string>;
};
type Row = {
  certificate_id: bigint;
  definition: string;
  transforms: Record<string, number> | null;
  decisions: string[] | null;
  replaced: string[] | null;
};

/** Reads what stood behind certificates of one day, by certificate. */
export async function certifiedBefore(
  db: Db,
  { clientId, businessDate }: { clientId: string; businessDate: string },
  certificateIds: readonly bigint[],
): Promise<Map<bigint, CertifiedBefore>> {
  if (certificateIds.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select c.certificate_id, c.evidence->>'definition' as definition, c.evidence->'transforms' as transforms,
      (select array_agg(d->>'decisionId') from jsonb_array_elements(c.evidence->'decisions') d) as decisions,
      (select array_agg(distinct e.source_id) from ledger_entry e
        where e.client_id = ${clientId} and e.business_date = ${businessDate} and e.reverses_entry_id is not null
          and case when c.last_entry_id is null then e.posted_at > c.issued_at else e.entry_id > c.last_entry_id end) as replaced
    from certificate c where c.certificate_id = any(${certificateIds.map(String)}::bigint[])`.execute(db);
  return new Map(
    rows.map((row) => [
      row.certificate_id,
      {
        definition: row.definition,
        transforms: row.transforms ?? {},
        decisions: new Set(row.decisions ?? []),
        replaced: new Set(row.replaced ?? []),
      },
    ]),
  );
}

/** A decision to mend the day that this attempt carries out. */
export async function carriesFix(
  db: Db,
  { clientId, businessDate }: { clientId: string; businessDate: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from decision d join exception e using (exception_id)
    where e.client_id = ${clientId} and e.business_date = ${businessDate} and d.verb = 'apply_fix' and d.outcome = 'recorded'
    limit 1`.execute(db);
  return rows.length > 0;
}
