import { sql } from 'kysely';
import type { RoutedTo } from '../../../domain/routing/route.ts';
import type { EventType } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';

export type EventRow = {
  event_id: string;
  client_id: string;
  business_date: string | null;
  type: EventType;
  facts: Readonly<Record<string, unknown>>;
  routed: readonly RoutedTo[];
  unmatched: boolean;
  at: Date;
  /** Messages that tell of it. */
  deliveries: readonly string[];
};
export type EventFilter = {
  client: string | null;
  date: string | null;
  type: string | null;
  unmatched: boolean | null;
};

/** So many are listed at once; a narrower question shows the others. */
export const MOST_EVENTS = 1_000;

/** Events that the transaction sees, the newest first. */
export async function listEvents(db: Db, { client, date, type, unmatched }: EventFilter): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select e.event_id, e.client_id, e.business_date, e.type, e.facts, e.routed, e.unmatched, e.at,
      array(select d.delivery_id::text from delivery_event d where d.event_id = e.event_id order by d.delivery_id) as deliveries
    from event e
    where (${client}::text is null or e.client_id = ${client})
      and (${date}::date is null or e.business_date = ${date}::date)
      and (${type}::text is null or e.type = ${type})
      and (${unmatched}::boolean is null or e.unmatched = ${unmatched})
    order by e.at desc, e.event_id limit ${MOST_EVENTS}`.execute(db);
  return rows;
}

/** How many events of a day no rule took, though rules speak of their type. */
export async function unmatchedOfDay(db: Db, clientId: string, date: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from event
    where client_id = ${clientId} and business_date = ${date} and unmatched`.execute(db);
  return rows[0]!.count;
}
