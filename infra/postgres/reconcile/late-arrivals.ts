import { sql } from 'kysely';
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
 * Records that came late, and what late captures took away: after the platform's total was read, or after the day was
 * first closed. The first snapshot of the day's own slot is never late, whichever of the two was read first.
 * @param totalReadAt when the total that is compared with was read
 */
export function lateArrivals(db: Db, scope: ClaimScope, totalReadAt: Date): Promise<Claim[]> {
  const { clientId, date } = scope;
  return readClaims(
    db,
    sql<ClaimRow>`
      select e.store_id, ${memberOf(scope)} as member, late.detail, e.raw_event_id, sum(${shareOf(scope)})::bigint as amount_micros
      from ledger_entry e
      join capture_batch b on b.batch_id = e.batch_id
      join (
        select 'after its total was read' as detail, ${totalReadAt}::timestamptz as since
        union all
        select 'after the day was closed', min(ended_at) from attempt
        where client_id = ${clientId} and business_date = ${date} and ended_at is not null
      ) late on b.captured_at > late.since
      join ${partsOfMetric(scope)} on ${ofMetric}
      where e.client_id = ${clientId} and e.business_date = ${date} and (b.sequence > 1 or b.slot_date <> e.business_date)
      group by 1, 2, 3, 4 having sum(${shareOf(scope)}) <> 0`,
  );
}
