import { sql } from 'kysely';
import { monthBounds } from '../../../domain/period/month.ts';
import type { Db } from '../connect.ts';
import { ENDED } from '../review/transition.ts';

export type LateChange = { exception_id: string; business_date: string; kind: string; rejected: boolean };

/**
 * What came to the days of a locked month and is posted nowhere: it waits for a decision, or a person has rejected it
 * and nobody has closed the day anew since. A hand-off changes no number.
 */
export async function lateChanges(db: Db, clientId: string, month: string): Promise<LateChange[]> {
  const { from, to } = monthBounds(month);
  const { rows } = await sql<LateChange>`
    select exception_id, business_date, kind, state = 'rejected' as rejected from exception
    where client_id = ${clientId} and business_date between ${from} and ${to} and kind <> 'handoff'
      and (state = 'rejected' or state not in ${ENDED})
    order by business_date, opened_at`.execute(db);
  return rows;
}
