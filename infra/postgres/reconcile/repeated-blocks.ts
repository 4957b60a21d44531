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

/** A line that is there more often than this in one file says nothing about where it was repeated from. */
const MOST_COPIES = 20;
/** The longest blocks are offered; a file that repeats itself in more places than these is not explained by one. */
const MOST_BLOCKS = 20;

/**
 * Blocks of lines that stand twice in a file and count twice, where the place in the file is the key: `lines 500 to 800
 * of SLOT` are the copy of others at one distance before them. All copies of a day together are one more reading, the last.
 */
export function repeatedBlocks(db: Db, scope: ClaimScope, sources: readonly string[]): Promise<Claim[]> {
  const { clientId, date } = scope;
  return readClaims(
    db,
    sql<ClaimRow>`
      with lines as (
        select r.raw_event_id, r.source_id, b.slot, r.line, r.content_hash,
          count(*) over same as copies, row_number() over (partition by r.source_id, b.slot, r.content_hash order by r.line) as copy
        from raw_event r join capture_batch b using (batch_id) left join inactive_event i using (raw_event_id)
        where r.client_id = ${clientId} and r.business_date = ${date} and r.source_id = any(${[...sources]}) and i.raw_event_id is null
        window same as (partition by r.source_id, b.slot, r.content_hash)
      ), pairs as (
        select c.raw_event_id, c.source_id, c.slot, c.line, c.line - o.line as distance
        from lines c join lines o using (source_id, slot, content_hash)
        where c.line > o.line and c.copies between 2 and ${MOST_COPIES}
      ), islands as (
        select *, line - row_number() over (partition by source_id, slot, distance order by line) as island from pairs
      ), blocks as (
        select source_id, slot, distance, island, min(line) as first, max(line) as last from islands
        group by 1, 2, 3, 4 having count(*) > 1 order by count(*) desc, first limit ${MOST_BLOCKS}
      ), copied as (
        select i.raw_event_id, 'lines ' || b.first || ' to ' || b.last || ' of ' || b.slot as detail
        from blocks b join islands i using (source_id, slot, distance, island)
        union all
        select raw_event_id, 'every repeated line' from lines where copy > 1
      )
      select e.store_id, ${memberOf(scope)} as member, c.detail, e.raw_event_id, sum(${shareOf(scope)})::bigint as amount_micros
      from copied c join ledger_entry e on e.raw_event_id = c.raw_event_id
      join ${partsOfMetric(scope)} on ${ofMetric}
      where e.client_id = ${clientId} and e.business_date = ${date}
      group by 1, 2, 3, 4 having sum(${shareOf(scope)}) <> 0
      order by c.detail = 'every repeated line'`,
  );
}
