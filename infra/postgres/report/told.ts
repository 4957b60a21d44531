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
  /** It is shown as it is now, and whoever was told otherwise is still owed the correction. */
  in_passing?: boolean;
};

/** Deliveries of which the destination knows what they show, or will before anything that is kept later. */
const LIVE = sql`('stored', 'pending', 'sending', 'uncertain', 'sent')`;

/**
 * Which of the destinations a report of a day is due to: those that had none, and those that wait for a number which
 * theirs named as withheld. What else is new on the day is a revision of it.
 */
export async function destinationsDue(
  db: Db,
  { clientId, businessDate }: { clientId: string; businessDate: string },
  destinationIds: readonly string[],
  shown: readonly ShownNumber[],
): Promise<Set<string>> {
  const isReport = sql`k.client_id = ${clientId} and k.business_date = ${businessDate} and k.kind = 'report'
    and k.destination_id = d.destination_id and k.status in ${LIVE}`;
  const { rows } = await sql<{ destination_id: string }>`
    select d.destination_id from unnest(${[...destinationIds]}::text[]) as d (destination_id)
    where not exists (select from delivery k where ${isReport}) or exists (
      select from jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s(metric text, store_id text, dimension text, member text)
      join withheld_number w using (metric, store_id, dimension, member)
      where w.client_id = ${clientId} and w.business_date = ${businessDate}
        and exists (select from delivery k where ${isReport} and k.attempt = w.attempt)
        and not exists (select from delivery_number n join delivery k using (delivery_id)
          where ${isReport} and n.client_id = ${clientId} and n.business_date = ${businessDate} and n.metric = s.metric
            and n.store_id = s.store_id and n.dimension = s.dimension and n.member = s.member))`.execute(db);
  return new Set(rows.map((row) => row.destination_id));
}

/** A number that says something else now than a reader was told last. */
export type OwedNumber = ShownNumber & {
  channel: DeliveryChannel;
  /** Who was told: a person by address, a system by its destination. */
  reader: string;
  /** By which destination. */
  destination_id: string;
  /** Of a system where it was reached, and its secret; null for a person. */
  url: string | null;
  secret_ref: string | null;
  /** Null for a member of a slice that was not reported: its reader was told the total without it. */
  told_version: number | null;
  told_micros: bigint | null;
  value_micros: bigint | null;
  currency: string | null;
  definition: string;
  reason: RevisionReason | null;
  finality: 'provisional' | 'final';
  certificate: 'reconciled' | 'qualified' | 'unreconciled' | 'lapsed';
};

/** Whom a delivery tells: people by their addresses, a system by its destination, unless it is told for another one. */
export const READERS = sql`jsonb_array_elements_text(coalesce(k.readers,
  case when k.channel = 'email' then k.recipients else jsonb_build_array(k.destination_id) end))`;

const PLACE = sql`business_date, metric, store_id, dimension, member`;
const TOLD = sql`n.business_date, n.metric, n.store_id, n.dimension, n.member`;

/**
 * The numbers that readers of a client were told otherwise than they are published now, by whichever destination they
 * heard of them. A delivery that waits to be sent counts as told: what comes after it must not come before it.
 */
export async function owedNumbers(db: Db, clientId: string): Promise<OwedNumber[]> {
  const { rows } = await sql<OwedNumber>`
    with changed as (
      select ${PLACE}, bool_or(version = 1) as is_new from published_number
      where client_id = ${clientId} and (version > 1 or reason is not null) group by ${PLACE}
    ), places as (
      select ${PLACE} from changed union select business_date, metric, store_id, '', '' from changed where is_new
    ), told as materialized (
      select distinct on (k.channel, r.reader, ${TOLD})
        k.channel, r.reader, k.destination_id, k.url, k.secret_ref, ${TOLD}, n.version
      from places join delivery_number n using (${PLACE}) join delivery k using (delivery_id)
      cross join lateral (select ${READERS} as reader) r
      where n.client_id = ${clientId} and k.client_id = ${clientId} and k.status in ('pending', 'sending', 'uncertain', 'sent')
      order by k.channel, r.reader, ${TOLD}, n.in_passing, n.version desc, k.delivery_id desc
    ), heard as (
      select channel, reader, destination_id, url, secret_ref, ${PLACE}, version as told_version from told
      union all
      select t.channel, t.reader, t.destination_id, t.url, t.secret_ref, t.business_date, t.metric, t.store_id, c.dimension, c.member, null
      from told t join changed c using (business_date, metric, store_id)
      where c.is_new and t.dimension = '' and not exists (select from told o
        where o.channel = t.channel and o.reader = t.reader and o.business_date = t.business_date and o.metric = t.metric
          and o.store_id = t.store_id and o.dimension = c.dimension and o.member = c.member)
    )
    select h.*, old.value_micros as told_micros, now.version, now.value_micros, now.currency, now.definition, now.reason,
      now.finality, now.certificate
    from heard h
    left join published_number old on old.client_id = ${clientId} and old.business_date = h.business_date and old.metric = h.metric
      and old.store_id = h.store_id and old.dimension = h.dimension and old.member = h.member and old.version = h.told_version
    join lateral (
      select p.version, p.value_micros, p.currency, p.definition, p.reason, ${finalityNow('p')} as finality,
        case when c.lapsed_at is null then c.state else 'lapsed' end as certificate
      from published_number p join certificate c using (certificate_id)
      where p.client_id = ${clientId} and p.business_date = h.business_date and p.metric = h.metric
        and p.store_id = h.store_id and p.dimension = h.dimension and p.member = h.member
      order by p.version desc limit 1
    ) now on case when h.told_version is null then coalesce(now.value_micros, 0) <> 0
      else now.version > h.told_version and now.value_micros is distinct from old.value_micros end
    order by h.channel, h.reader, h.business_date desc, h.metric, h.store_id, h.dimension, h.member`.execute(db);
  return rows;
}
