import { sql } from 'kysely';
import type { DeliveryChannel } from '../../../domain/delivery.ts';
import type { RevisionReason } from '../../../domain/publish/revision-reason.ts';
import type { Db } from '../connect.ts';
import { finalityNow } from '../publish/finality.ts';

/** A version of a number that a delivery shows. */
export type ShownNumber = {
  business_date: string;
  metric: string;
  store_id: string;
  dimension: string;
  member: string;
  version: number;
};

/** Deliveries of which the destination knows what they show, or will before anything that is kept later. */
const LIVE = sql`('stored', 'pending', 'sending', 'uncertain', 'sent')`;

/**
 * Which of the destinations have something new to read in a report of a day: a number that none of its deliveries
 * showed yet.
 */
export async function destinationsDue(
  db: Db,
  { clientId, businessDate }: { clientId: string; businessDate: string },
  destinationIds: readonly string[],
  shown: readonly ShownNumber[],
): Promise<Set<string>> {
  const { rows } = await sql<{ destination_id: string }>`
    select d.destination_id from unnest(${[...destinationIds]}::text[]) as d (destination_id)
    where exists (
      select from jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s(metric text, store_id text, dimension text, member text)
      where not exists (select from delivery_number n join delivery k using (delivery_id)
        where k.client_id = ${clientId} and k.destination_id = d.destination_id and k.status in ${LIVE}
          and n.client_id = ${clientId} and n.business_date = ${businessDate} and n.metric = s.metric
          and n.store_id = s.store_id and n.dimension = s.dimension and n.member = s.member))`.execute(db);
  return new Set(rows.map((row) => row.destination_id));
}

/** A number that says something else now than a destination was told last. */
export type OwedNumber = ShownNumber & {
  destination_id: string;
  told_version: number;
  told_micros: bigint | null;
  /** By which way, and who was told: addresses of people, or of a system. */
  channel: DeliveryChannel;
  recipients: readonly string[];
  value_micros: bigint | null;
  currency: string | null;
  definition: string;
  reason: RevisionReason | null;
  finality: 'provisional' | 'final';
  certificate: 'reconciled' | 'qualified' | 'unreconciled' | 'lapsed';
};

/**
 * The numbers that destinations of a client were told otherwise than they are published now. A delivery that waits to
 * be sent counts as told: what comes after it must not come before it.
 */
export async function owedNumbers(db: Db, clientId: string): Promise<OwedNumber[]> {
  const { rows } = await sql<OwedNumber>`
    with revised as (
      select distinct business_date, metric, store_id, dimension, member from published_number
      where client_id = ${clientId} and version > 1
    ), told as (
      select distinct on (k.destination_id, n.business_date, n.metric, n.store_id, n.dimension, n.member)
        k.destination_id, n.business_date, n.metric, n.store_id, n.dimension, n.member, n.version, k.recipients, k.channel
      from revised
      join delivery_number n using (business_date, metric, store_id, dimension, member)
      join delivery k using (delivery_id)
      where n.client_id = ${clientId} and k.client_id = ${clientId} and k.status in ('pending', 'sending', 'uncertain', 'sent')
      order by k.destination_id, n.business_date, n.metric, n.store_id, n.dimension, n.member, n.version desc, k.delivery_id desc
    )
    select t.destination_id, t.business_date, t.metric, t.store_id, t.dimension, t.member, t.version as told_version,
      old.value_micros as told_micros, t.recipients, t.channel, now.version, now.value_micros, now.currency, now.definition,
      now.reason, now.finality, now.certificate
    from told t
    join published_number old on old.client_id = ${clientId} and old.business_date = t.business_date and old.metric = t.metric
      and old.store_id = t.store_id and old.dimension = t.dimension and old.member = t.member and old.version = t.version
    join lateral (
      select p.version, p.value_micros, p.currency, p.definition, p.reason, ${finalityNow('p')} as finality,
        case when c.lapsed_at is null then c.state else 'lapsed' end as certificate
      from published_number p join certificate c using (certificate_id)
      where p.client_id = ${clientId} and p.business_date = t.business_date and p.metric = t.metric
        and p.store_id = t.store_id and p.dimension = t.dimension and p.member = t.member
      order by p.version desc limit 1
    ) now on now.version > t.version and now.value_micros is distinct from old.value_micros
    order by t.destination_id, t.business_date desc, t.metric, t.store_id, t.dimension, t.member`.execute(db);
  return rows;
}
