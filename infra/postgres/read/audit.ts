import { sql } from 'kysely';
import type { AuditRecord } from '../audit.ts';
import type { Db } from '../connect.ts';

export type StoredEvent = AuditRecord & { at: string };

/**
 * The audit events of a client's day, in the order of the chain; among them those of corrections that told of its
 * numbers, which are of the nights that sent them.
 */
export async function eventsOfDay(db: Db, clientId: string, date: string): Promise<StoredEvent[]> {
  const { rows } = await sql<{ record: string }>`
    select record from (
      select sequence, record from audit_event where client_id = ${clientId} and business_date = ${date}
      union
      select e.sequence, e.record from delivery k
      join audit_event e on e.client_id = k.client_id and e.business_date = k.business_date
        and k.delivery_id::text in (e.record::jsonb->'detail'->>'delivery', e.record::jsonb->>'subject')
      where k.client_id = ${clientId} and k.kind = 'correction' and exists (
        select from delivery_number n where n.delivery_id = k.delivery_id and n.business_date = ${date})
    ) events order by sequence`.execute(db);
  return rows.map((row) => JSON.parse(row.record) as StoredEvent);
}

export type AttemptRow = {
  attempt: number;
  cause: string;
  actor: string;
  begins_at: string;
  model_version: number;
  status: string;
  error: string | null;
  started_at: Date;
  ended_at: Date | null;
  run_id: string;
};

export async function attemptsOfDay(db: Db, clientId: string, date: string): Promise<AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select attempt, cause, actor, begins_at, model_version, status, error, started_at, ended_at, run_id from attempt
    where client_id = ${clientId} and business_date = ${date} order by attempt`.execute(db);
  return rows;
}

/** Every chain that the transaction sees, that of the installation among them. */
export async function visibleChains(db: Db): Promise<string[]> {
  const { rows } = await sql<{ client_id: string }>`
    select client_id from audit_head union select client_id from audit_event order by 1`.execute(db);
  return rows.map((row) => row.client_id);
}
