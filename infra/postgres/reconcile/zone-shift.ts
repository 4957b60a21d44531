import { sql } from 'kysely';
import { addDays } from '../../../domain/business-day.ts';
import type { ZoneDay } from '../../../domain/reconcile/zone-days.ts';
import type { Db } from '../connect.ts';
import {
  type Claim,
  type ClaimRow,
  type ClaimScope,
  memberOf,
  ofMetric,
  partsOfMetric,
  readClaims,
  shareOf,
} from './claims.ts';

/**
 * Records at the edges of the day that belong to another day in a platform's zone: ours that are not theirs count with
 * their share, theirs that are of a neighbouring day of ours against it.
 */
export function zoneShift(db: Db, scope: ClaimScope, zones: readonly ZoneDay[]): Promise<Claim[]> {
  const { clientId, date } = scope;
  const days = zones.map(({ zone, startMs, endMs }) => ({
    detail: zone,
    since: new Date(startMs).toISOString(),
    until: new Date(endMs).toISOString(),
  }));
  const share = sql`case when e.business_date = ${date} then 1 else -1 end * ${shareOf(scope)}`;
  return readClaims(
    db,
    sql<ClaimRow>`
      select e.store_id, ${memberOf(scope)} as member, z.detail, e.raw_event_id, sum(${share})::bigint as amount_micros
      from ledger_entry e
      join jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as z(detail text, since timestamptz, until timestamptz)
        on (e.business_date = ${date}) <> (e.occurred_at >= z.since and e.occurred_at < z.until)
      join ${partsOfMetric(scope)} on ${ofMetric}
      where e.client_id = ${clientId} and e.business_date between ${addDays(date, -1)} and ${addDays(date, 1)}
      group by 1, 2, 3, 4 having sum(${share}) <> 0`,
  );
}
