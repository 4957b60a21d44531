import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { HandoffRow } from '../handoff/rows.ts';

const columns = sql`handoff_id, client_id, business_date, kind, subject, contract, sender, receiver, state, deadline, opened_at,
  delivered_at, acknowledged_at, acknowledged_by, exception_id, batch_id, records, quarantined, payload_version, errors`;

/** Hand-offs of a day: what it was handed first, then what it handed on, then whom it asked. */
export async function handoffsOfDay(db: Db, clientId: string, date: string): Promise<HandoffRow[]> {
  const { rows } = await sql<HandoffRow>`
    select ${columns} from handoff where client_id = ${clientId} and business_date = ${date}
    order by array_position(array['source', 'destination', 'person'], kind), opened_at, subject`.execute(db);
  return rows;
}

export type HandoffFilter = { client: string | null; date: string | null; state: string | null };

/** So many are listed at once; a narrower question shows the others. */
export const MOST_HANDOFFS = 1_000;

/** Hand-offs that the transaction sees, the newest days first. */
export async function listHandoffs(db: Db, { client, date, state }: HandoffFilter): Promise<HandoffRow[]> {
  const { rows } = await sql<HandoffRow>`
    select ${columns} from handoff
    where (${client}::text is null or client_id = ${client})
      and (${date}::date is null or business_date = ${date}::date)
      and (${state}::text is null or state = ${state})
    order by business_date desc, client_id, kind, subject limit ${MOST_HANDOFFS}`.execute(db);
  return rows;
}
