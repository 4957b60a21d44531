import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { ENDED } from '../review/transition.ts';

export type UnendedException = { exceptionId: string; clientId: string; businessDate: string };

/** Every exception of the installation that has not ended: each must have a review. */
export async function unendedExceptions(db: Db): Promise<UnendedException[]> {
  const { rows } = await sql<UnendedException>`
    select exception_id as "exceptionId", client_id as "clientId", business_date as "businessDate"
    from exception where state not in ${ENDED} order by exception_id`.execute(db);
  return rows;
}
