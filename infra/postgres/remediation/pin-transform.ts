import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** `base` is the transform version of the model that the pin was made for. */
export type Pin = { source: string; version: number | null; base: number; decisionId: string };

/** Has a source read by a transform version of its own on one day; null gives it back to the model. */
export async function pinTransform(
  db: Db,
  { clientId, businessDate }: { clientId: string; businessDate: string },
  { source, version, base, decisionId }: Pin,
): Promise<void> {
  await sql`
    insert into day_transform (client_id, business_date, source_id, sequence, transform_version, base_version, decision_id)
    select ${clientId}, ${businessDate}, ${source}, coalesce(max(sequence), 0) + 1, ${version}, ${base}, ${decisionId}
    from day_transform where client_id = ${clientId} and business_date = ${businessDate} and source_id = ${source}`.execute(
    db,
  );
}
