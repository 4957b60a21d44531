import { sql } from 'kysely';
import type { OccurredEvent } from '../../../domain/routing/events.ts';
import { compileRouter, type RoutingModel } from '../../../domain/routing/route.ts';
import type { Db } from '../connect.ts';

/**
 * Notes what happened, in the transaction that makes it so, with where the rules of the model send it. An event that
 * was noted before stays as it is. Comes before the audit row, which is the last statement of its transaction.
 */
export async function emitEvents(tx: Db, model: RoutingModel, events: readonly OccurredEvent[]): Promise<void> {
  if (events.length === 0) return;
  const route = compileRouter(model);
  const rows = events.map((one) => {
    const { routed, unmatched } = route(one);
    return {
      event_id: one.id,
      client_id: one.clientId,
      business_date: one.businessDate,
      type: one.type,
      facts: one.facts,
      routed,
      unmatched,
      is_owed: routed.some(({ by }) => by === 'message'),
    };
  });
  await sql`
    insert into event (event_id, client_id, business_date, type, facts, routed, unmatched, is_owed)
    select r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(event_id text, client_id text, business_date date,
      type text, facts jsonb, routed jsonb, unmatched boolean, is_owed boolean)
    on conflict do nothing`.execute(tx);
}
