import { sql } from 'kysely';
import type { DeliveryKind, DeliveryState } from '../../../domain/delivery.ts';
import type { Db } from '../connect.ts';
import { KEPT, type KeptDelivery } from '../report/deliveries.ts';

export type ListedDelivery = KeptDelivery & {
  report_id: string;
  mode: string;
  release: string;
  created_at: Date;
  sent_at: Date | null;
  released_by: string | null;
  released_at: Date | null;
  superseded_by: bigint | null;
  tries: number;
  last_error: string | null;
  /** The business days that a correction tells of; of anything else none. */
  corrects: readonly string[];
};
export type DeliveryTry = {
  try: number;
  started_at: Date;
  ended_at: Date | null;
  outcome: 'sent' | 'refused' | 'unreached' | 'unknown' | null;
  answered: number | null;
  error: string | null;
};
export type DeliveryFilter = {
  client: string | null;
  date: string | null;
  state: DeliveryState | null;
  kind: DeliveryKind | null;
};

const LISTED = sql`${KEPT}, report_id, mode, release, created_at, sent_at, released_by, released_at, superseded_by,
  coalesce((select max(t.try) from delivery_try t where t.delivery_id = d.delivery_id), 0) as tries,
  (select t.error from delivery_try t where t.delivery_id = d.delivery_id order by t.try desc limit 1) as last_error,
  array(select distinct n.business_date::text from delivery_number n
    where d.kind = 'correction' and n.delivery_id = d.delivery_id order by 1) as corrects`;

/** The newest deliveries that the transaction sees, newest first. Of a day those too that correct its numbers. */
export async function listDeliveries(
  db: Db,
  { client, date, state, kind }: DeliveryFilter,
  limit: number,
): Promise<ListedDelivery[]> {
  const { rows } = await sql<ListedDelivery>`
    select ${LISTED} from delivery d
    where (${client}::text is null or client_id = ${client})
      and (${date}::date is null or business_date = ${date}::date or (kind = 'correction' and exists (
        select from delivery_number n where n.delivery_id = d.delivery_id and n.business_date = ${date}::date)))
      and (${state}::text is null or status = ${state})
      and (${kind}::text is null or kind = ${kind})
    order by delivery_id desc limit ${limit}`.execute(db);
  return rows;
}

/** What systems were told of an incident, or are about to be, oldest first. */
export async function webhooksOf(db: Db, incidentId: string): Promise<ListedDelivery[]> {
  const { rows } = await sql<ListedDelivery>`
    select ${LISTED} from delivery d where incident_id = ${incidentId} and channel = 'webhook'
    order by delivery_id`.execute(db);
  return rows;
}

export async function findDelivery(db: Db, id: string): Promise<ListedDelivery | undefined> {
  const { rows } =
    await sql<ListedDelivery>`select ${LISTED} from delivery d where delivery_id = ${id}::bigint`.execute(db);
  return rows[0];
}

/** Tries of a delivery, oldest first. */
export async function triesOf(db: Db, id: bigint): Promise<DeliveryTry[]> {
  const { rows } = await sql<DeliveryTry>`
    select try, started_at, ended_at, outcome, answered, error from delivery_try where delivery_id = ${id}
    order by try`.execute(db);
  return rows;
}

/** A mail by its Message-ID: what it looks like, and whether anybody has let it out. */
export async function findPage(
  db: Db,
  messageId: string,
): Promise<{ html: string; status: DeliveryState } | undefined> {
  const { rows } = await sql<{ html: string; status: DeliveryState }>`
    select html, status from delivery where message_id = ${messageId} and channel = 'email'`.execute(db);
  return rows[0];
}
