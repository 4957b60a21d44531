import { sql } from 'kysely';
import { addDays } from '../../domain/business-day.ts';
import type { CloseBench } from '../support/close-day.ts';
import { daysMoved, RESTATED_AFTER, spendMicros } from './campaign.ts';
import type { SoakClient } from './client.ts';

type Counts = { day: string; metric: string; versions: number; certificates: number; standing: number; value: bigint };

/** What became of each metric of each day: its versions, its certificates, those that stand, and what it says now. */
async function countsOf({ db }: CloseBench, { id }: SoakClient): Promise<Counts[]> {
  const { rows } = await sql<Counts>`
    select n.business_date as day, n.metric, count(*)::int as versions,
      (select count(*)::int from certificate c where c.client_id = ${id} and c.business_date = n.business_date and c.metric = n.metric) as certificates,
      (select count(*)::int from certificate c where c.client_id = ${id} and c.business_date = n.business_date and c.metric = n.metric
        and c.lapsed_at is null) as standing,
      (array_agg(n.value_micros order by n.version desc))[1] as value
    from published_number n where n.client_id = ${id} and n.metric in ('ad_spend', 'net_sales') and n.dimension = ''
    group by n.business_date, n.metric order by 1, 2`.execute(db);
  return rows;
}

/** How often the figures of a day have moved up to a night. */
const movesOf = (day: number, night: number): number => RESTATED_AFTER.filter((after) => after <= night - day).length;

/**
 * Everything that is not as it must be after so many nights: every number by an oracle, one version and one certificate
 * for each time that a figure moved, and one certificate that stands.
 */
export async function wrongAfter(bench: CloseBench, client: SoakClient, nights: number): Promise<string[]> {
  const counts = await countsOf(bench, client);
  const last = nights - 1;
  const problems = counts.flatMap(({ day, metric, ...found }) => {
    const number = Array.from({ length: nights }, (_, at) => at).find((at) => addDays(client.first, at) === day)!;
    const moves = movesOf(number, last);
    const isSpend = metric === 'ad_spend';
    const wanted = {
      versions: isSpend ? 1 + moves : 1,
      certificates: 1 + moves,
      standing: 1,
      value: isSpend ? spendMicros(client.number, number, last) : found.value,
    };
    const wrong = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((key) => wanted[key] !== found[key]);
    return wrong.map((key) => `${client.id} ${day} ${metric}: ${found[key]} ${key}, not ${wanted[key]}`);
  });
  return counts.length === nights * 2
    ? problems
    : [`${client.id}: ${counts.length} numbers, not ${nights * 2}`, ...problems];
}

/** How many days are closed anew in a night, because their figures have moved. */
export const anewIn = (night: number): number => daysMoved(night).length;
