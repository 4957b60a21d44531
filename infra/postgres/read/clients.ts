import { sql } from 'kysely';
import type { DayStatus } from '../../../domain/close.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';

export type ClientRow = {
  client_id: string;
  name: string;
  version: number;
  timezone: string;
  currency: string;
  business_date: string | null;
  status: DayStatus | null;
};

/** Every client that the transaction sees, with its latest version and the last day that was closed. */
export async function listClients(db: Db): Promise<ClientRow[]> {
  const { rows } = await sql<ClientRow>`
    select c.client_id, c.name, m.version, m.document->'client'->>'timezone' as timezone,
      m.document->'client'->>'currency' as currency, d.business_date, d.status
    from client c
    join lateral (select version, document from operating_model o where o.client_id = c.client_id
      order by version desc limit 1) m on true
    left join lateral (select business_date, status from business_day b where b.client_id = c.client_id
      order by business_date desc limit 1) d on true
    order by c.client_id`.execute(db);
  return rows;
}

export async function clientExists(db: Db, clientId: string): Promise<boolean> {
  const { rows } = await sql`select from client where client_id = ${clientId}`.execute(db);
  return rows.length > 0;
}

export type VersionRow = {
  version: number;
  document: OperatingModel;
  origins: Record<string, unknown>;
  effective_from: string | null;
  applied_by: string;
  applied_at: Date;
};

/** A version of a client's operating model, the latest where none is named. */
export async function findVersion(db: Db, clientId: string, version: number | null): Promise<VersionRow | undefined> {
  const { rows } = await sql<VersionRow>`
    select version, document, origins, effective_from, applied_by, applied_at from operating_model
    where client_id = ${clientId} and (${version}::int is null or version = ${version})
    order by version desc limit 1`.execute(db);
  return rows[0];
}
