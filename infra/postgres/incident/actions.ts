import { sql } from 'kysely';
import { type DecidedFact, decidedWords, type Ending } from '../../../domain/incident/actions.ts';
import type { Db } from '../connect.ts';

export type ActionRow = { at: Date; actor: string; event: string };
type Attempted = { attempt: number; client_id: string; business_date: string; status: string };
type Row = { at: Date; actor: string; decided: DecidedFact | null; ran: Attempted | null };

const FIX_TITLE = sql`(select s.fix->>'title' from suggested_fix s
  where s.exception_id = d.exception_id and 'f' || s.ordinal = d.args->>'fix')`;
const DECIDED = sql`'verb', d.verb, 'reason', d.reason, 'fix', ${FIX_TITLE}`;

const ranWords = ({ attempt, client_id, business_date, status }: Attempted): string =>
  `attempt ${attempt} of ${client_id} ${business_date}: ${status.replaceAll('_', ' ')}`;

/** What was done about an incident's exceptions since it was opened: attempts that ran the day anew, and decisions. */
export async function actionsOf(db: Db, incidentId: string): Promise<ActionRow[]> {
  const { rows } = await sql<Row>`
    with concerned as (
      select e.* from incident_member m join incident i using (incident_id) join exception e using (exception_id)
      where i.incident_id = ${incidentId} or i.parent_id = ${incidentId})
    select d.decided_at as at, d.actor, json_build_object(${DECIDED}) as decided, null as ran
    from decision d join concerned c using (exception_id)
    union all
    select a.started_at, a.actor, null, json_build_object('attempt', a.attempt, 'client_id', a.client_id,
      'business_date', a.business_date, 'status', a.status)
    from attempt a where exists (select from concerned c where c.client_id = a.client_id
      and c.business_date = a.business_date and a.attempt > c.opened_attempt)
    order by 1`.execute(db);
  return rows.map(({ at, actor, decided, ran }) => ({
    at,
    actor,
    event: decided ? decidedWords(decided) : ranWords(ran!),
  }));
}

/** How the exceptions of an incident ended: the attempt that ended one may have carried a decision out. */
export async function endingsOf(db: Db, incidentId: string): Promise<Ending[]> {
  const { rows } = await sql<Ending>`
    select e.message, e.resolution, (
      select json_build_object('actor', d.actor, ${DECIDED}) from decision d where d.exception_id = e.exception_id
        and (d.used_by_attempt = e.last_attempt or (d.verb = 'reject' and e.state = 'rejected'))
      order by d.decided_at desc limit 1) as decided
    from incident_member m join exception e using (exception_id) where m.incident_id = ${incidentId}
    order by e.business_date, e.exception_id`.execute(db);
  return rows;
}
