import { sql } from 'kysely';
import { hasEnded } from '../../../domain/exception/table.ts';
import type { OccurredEvent } from '../../../domain/routing/events.ts';
import type { RoutingModel } from '../../../domain/routing/route.ts';
import type { EventType } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { factsOf } from '../review/exception-facts.ts';
import { emitEvents } from './emit.ts';
import { routingModel } from './model.ts';

/** An exception with what was noted of it last, and how often it was noted to open. */
type Noted = ExceptionRow & { resolution: string | null; last: EventType | null; openings: number };

async function noted(tx: Db, ids: readonly string[]): Promise<Noted[]> {
  const { rows } = await sql<Noted>`
    select e.*, l.last, l.openings from exception e, lateral (
      select (array_agg(type order by at desc) filter (where type <> 'exception.overdue'))[1] as last,
        (count(*) filter (where type = 'exception.opened'))::int as openings
      from event v where v.facts ? 'exception' and v.facts ->> 'exception' = e.exception_id
    ) l
    where e.exception_id = any(${[...ids]}) order by e.exception_id`.execute(tx);
  return rows;
}

/** What has become of an exception since something was noted of it; nothing where that is known already. */
function turnOf({ state, last, openings, deadline }: Noted): { type: EventType; turn: string } | null {
  if (hasEnded(state))
    return last === 'exception.resolved' ? null : { type: 'exception.resolved', turn: String(Math.max(openings, 1)) };
  if (last !== 'exception.opened') return { type: 'exception.opened', turn: String(openings + 1) };
  return state === 'overdue' ? { type: 'exception.overdue', turn: deadline?.toISOString() ?? '' } : null;
}

function eventOf(row: Noted): OccurredEvent[] {
  const turned = turnOf(row);
  if (!turned) return [];
  const {
    id: exception,
    kind,
    subject,
    metric,
    source,
    store,
    owner,
    state,
    message,
    difference,
    currency,
  } = factsOf(row);
  const facts = { exception, kind, subject, metric, source, store, owner, state, message, difference, currency };
  return [
    {
      id: [turned.type, row.exception_id, turned.turn].join('/'),
      type: turned.type,
      clientId: row.client_id,
      businessDate: row.business_date,
      facts: { ...facts, resolution: row.resolution },
      exceptions: [factsOf(row)],
    },
  ];
}

/**
 * Notes what has become of exceptions of one day: opened, overdue, or over. Call it in the transaction that changed them;
 * what was noted before is not noted again.
 * @param model of the day; read where it is not at hand
 */
export async function emitExceptions(tx: Db, ids: readonly string[], model?: RoutingModel): Promise<void> {
  if (ids.length === 0) return;
  const rows = await noted(tx, ids);
  const events = rows.flatMap(eventOf);
  if (events.length === 0) return;
  const rules = model ?? (await routingModel(tx, rows[0]!.client_id, rows[0]!.business_date));
  if (rules) await emitEvents(tx, rules, events);
}
