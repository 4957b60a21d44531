import { sql } from 'kysely';
import type { ToldEvent } from '../../../domain/audit-story.ts';
import type { Db } from '../connect.ts';

/** What an audit row about a month names as its subject. */
export const periodSubject = (month: string): string => `period/${month}`;

/** What people did to a month, in order. */
export async function periodEvents(db: Db, clientId: string, month: string): Promise<(ToldEvent & { at: Date })[]> {
  const { rows } = await sql<{ record: ToldEvent; occurred_at: Date }>`
    select record::jsonb as record, occurred_at from audit_event
    where client_id = ${clientId} and business_date is null and record::jsonb->>'subject' = ${periodSubject(month)}
    order by sequence`.execute(db);
  return rows.map((row) => ({ ...row.record, at: row.occurred_at }));
}
