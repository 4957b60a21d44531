import { sql } from 'kysely';
import type { DayStatus } from '../../../domain/close.ts';
import type { PeriodFacts } from '../../../domain/period/checklist.ts';
import { monthBounds } from '../../../domain/period/month.ts';
import { NO_LONGER_COMPUTED } from '../../../domain/publish/certify.ts';
import { IS_KEPT } from '../close/inputs.ts';
import type { Db } from '../connect.ts';
import { ENDED } from '../review/transition.ts';

type Month = { clientId: string; month: string };

const inMonth = ({ clientId, month }: Month, table: string) => {
  const { from, to } = monthBounds(month);
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`${column('client_id')} = ${clientId} and ${column('business_date')} between ${from} and ${to}`;
};

/** The day that the client was closed first. */
export async function firstDay(db: Db, clientId: string): Promise<string | null> {
  const { rows } = await sql<{ first: string | null }>`
    select min(business_date) as first from business_day where client_id = ${clientId}`.execute(db);
  return rows[0]!.first;
}

export async function dayStatuses(db: Db, period: Month): Promise<Map<string, DayStatus>> {
  const { rows } = await sql<{ business_date: string; status: DayStatus }>`
    select business_date, status from business_day d where ${inMonth(period, 'd')}`.execute(db);
  return new Map(rows.map((row) => [row.business_date, row.status]));
}

/** The versions of the operating model that the month's days rest on, ascending. */
export async function modelVersions(db: Db, period: Month): Promise<number[]> {
  const { rows } = await sql<{ version: number }>`
    select distinct model_version as version from business_day d
    where ${inMonth(period, 'd')} and model_version is not null order by 1`.execute(db);
  return rows.map((row) => row.version);
}

export async function openExceptionsOf(db: Db, period: Month): Promise<PeriodFacts['exceptions']> {
  const { rows } = await sql<{ id: string; date: string; kind: string }>`
    select exception_id as id, business_date as date, kind from exception e
    where ${inMonth(period, 'e')} and state not in ${ENDED} order by business_date, opened_at`.execute(db);
  return rows;
}

/** Days with an input that changed since, and those with a number that is computed still and that nothing certifies. */
export async function changedDays(db: Db, period: Month): Promise<string[]> {
  const { rows } = await sql<{ date: string }>`
    select business_date as date from business_day d where ${inMonth(period, 'd')} and lapsed_at is not null
    union
    select d.business_date from business_day d
    join current_certificate cc using (client_id, business_date) join certificate c using (certificate_id)
    where ${inMonth(period, 'd')} and c.lapsed_at is not null and exists (
      select from metric_value v where v.client_id = d.client_id and v.business_date = d.business_date
        and v.attempt = d.settled_attempt and v.metric = cc.metric and v.store_id = cc.store_id and v.dimension = '')
    order by 1`.execute(db);
  return rows.map((row) => row.date);
}

/** Metrics that the operating model has no more, of which an input has changed since they were published. */
export async function droppedMetrics(db: Db, period: Month): Promise<PeriodFacts['dropped']> {
  const { rows } = await sql<{ metric: string; days: number }>`
    select cc.metric, count(distinct cc.business_date)::int as days
    from current_certificate cc join certificate c using (certificate_id)
    where ${inMonth(period, 'cc')} and c.lapsed_at is not null and c.lapse_reason = ${NO_LONGER_COMPUTED}
    group by cc.metric order by cc.metric`.execute(db);
  return rows;
}

/** Days with a number that a person keeps as it was published. */
export async function keptDays(db: Db, period: Month): Promise<string[]> {
  const { rows } = await sql<{ date: string }>`
    select distinct cc.business_date as date from current_certificate cc join certificate c using (certificate_id)
    where ${inMonth(period, 'cc')} and ${IS_KEPT} order by 1`.execute(db);
  return rows.map((row) => row.date);
}

/**
 * Has the days of a reopened month closed anew of which something was posted to later months, or whose numbers stood
 * over inputs that had changed. The days are locked.
 */
export async function lapseReopened(db: Db, period: Month): Promise<void> {
  const changed = await changedDays(db, period);
  await sql`
    update business_day d set lapsed_at = now()
    where ${inMonth(period, 'd')} and lapsed_at is null and (business_date = any(${changed}::date[]) or exists (
      select from prior_period_adjustment a where a.client_id = d.client_id and a.business_date = d.business_date
      group by a.store_id, a.metric, a.dimension, a.member having sum(a.amount_micros) <> 0))`.execute(db);
}

/** Metrics of the report that are withheld by no exception, and on how many days. */
export async function withheldMetrics(
  db: Db,
  period: Month,
  shown: readonly string[],
): Promise<PeriodFacts['withheld']> {
  const { rows } = await sql<{ metric: string; days: number }>`
    select w.metric, count(distinct w.business_date)::int as days from withheld_number w
    join business_day d on d.client_id = w.client_id and d.business_date = w.business_date and d.settled_attempt = w.attempt
    where ${inMonth(period, 'w')} and w.dimension = '' and w.metric = any(${[...shown]})
      and not exists (select from published_number n where n.client_id = w.client_id and n.business_date = w.business_date
        and n.metric = w.metric and n.store_id = w.store_id and n.dimension = '')
    group by w.metric order by w.metric`.execute(db);
  return rows;
}

/** Days with a number whose settling window has not ended. */
export async function provisionalDays(db: Db, period: Month): Promise<PeriodFacts['provisional']> {
  const { rows } = await sql<PeriodFacts['provisional']>`
    select count(distinct business_date)::int as days, max(final_at) as until from published_number n
    where ${inMonth(period, 'n')} and final_at > now()`.execute(db);
  return rows[0]!;
}

export type RevisionRow = {
  business_date: string;
  store_id: string;
  metric: string;
  dimension: string;
  member: string;
  version: number;
  before_micros: bigint | null;
  after_micros: bigint | null;
  currency: string | null;
  reason: string | null;
  basis: string;
  /** Who released it: whoever accepted it or asked for it, else Meshline itself. */
  released_by: string;
  published_at: Date;
};

/** Every version of the month's totals that replaced another one. */
export async function revisionsOf(db: Db, period: Month): Promise<RevisionRow[]> {
  const { rows } = await sql<RevisionRow>`
    select n.business_date, n.store_id, n.metric, n.dimension, n.member, n.version, b.value_micros as before_micros,
      n.value_micros as after_micros, n.currency, n.reason, n.basis, n.published_at,
      case n.basis when 'decision' then coalesce(c.evidence->'decisions'->-1->>'actor', a.actor) when 'planned' then a.actor
        else 'meshline' end as released_by
    from published_number n
    join published_number b using (client_id, business_date, metric, store_id, dimension, member)
    join certificate c on c.certificate_id = n.certificate_id
    join attempt a on a.client_id = n.client_id and a.business_date = n.business_date and a.attempt = n.attempt
    where ${inMonth(period, 'n')} and n.version > 1 and b.version = n.version - 1 and n.dimension = ''
    order by n.business_date, n.metric, n.store_id, n.version`.execute(db);
  return rows;
}

/** Names all that was said of a month: the versions of its numbers and what was posted to it. */
export async function seenHash(db: Db, period: Month): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by line), ''), 'UTF8')), 'hex') as hash from (
      select jsonb_build_array(business_date, store_id, metric, dimension, member, max(version))::text as line
      from published_number n where ${inMonth(period, 'n')} group by business_date, store_id, metric, dimension, member
      union all
      select jsonb_build_array('adjustment', business_date, store_id, metric, dimension, member, sequence, amount_micros)::text
      from prior_period_adjustment where client_id = ${period.clientId} and period_month = ${period.month}
    ) said`.execute(db);
  return rows[0]!.hash;
}
