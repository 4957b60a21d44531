import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import { copyInto, openCopy } from '../copy.ts';
import type { Session } from '../session.ts';

/** Records that a check looks at: standing, valid, of the business day. */
export const VALID_OF_DAY = `
  select r.raw_event_id, r.batch_id, '', r.payload from raw_event r
  left join inactive_event i on i.raw_event_id = r.raw_event_id
  left join quarantine q on q.raw_event_id = r.raw_event_id and q.released_at is null
  where r.client_id = $1 and r.source_id = $2 and r.business_date = $3
    and r.payload is not null and i.raw_event_id is null and q.raw_event_id is null`;

function* lines(prefix: string, failures: ReadonlyMap<string, readonly bigint[]>): Generator<string[]> {
  for (const [checkId, ids] of failures) yield ids.map((id) => `${prefix}\t${checkId}\t${id}`);
}

/** Replaces what an attempt keeps of the records that failed these checks. Takes part in the session's transaction. */
export async function storeFailures(
  session: Session,
  key: AttemptKey,
  failures: ReadonlyMap<string, readonly bigint[]>,
): Promise<void> {
  await sql`
    delete from check_failure where client_id = ${key.clientId} and business_date = ${key.businessDate}
      and attempt = ${key.attempt} and check_id = any(${[...failures.keys()]})`.execute(session.db);
  const prefix = `${key.clientId}\t${key.businessDate}\t${key.attempt}`;
  const target = 'check_failure (client_id, business_date, attempt, check_id, raw_event_id)';
  await copyInto(openCopy(session.client, target), lines(prefix, failures));
}

/** Where records came from: the slot and the line in it. */
export async function placesOf(session: Session, ids: readonly bigint[]): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    select b.slot || ' line ' || r.line as place from raw_event r join capture_batch b using (batch_id)
    where r.raw_event_id = any(${ids.map(String)}::bigint[]) order by r.raw_event_id`.execute(session.db);
  return rows.map((row) => row.place);
}
