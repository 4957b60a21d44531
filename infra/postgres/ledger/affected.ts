import { sql } from 'kysely';
import { isOfBatch, rawEventId } from '../capture/raw-event-id.ts';
import type { Db } from '../connect.ts';
import { analyzeTable, createTempTable } from '../temp-table.ts';

/** The business keys whose entries may differ now: those that the batches brought, and those that they took away. */
export async function createAffected(db: Db, batchIds: readonly bigint[]): Promise<void> {
  const batches = batchIds.map(String);
  await createTempTable(
    db,
    'affected',
    sql`
      select r.key_hash from unnest(${batches}::bigint[]) as b (batch_id)
      join raw_event r on ${sql.raw(isOfBatch('r.raw_event_id', 'b.batch_id'))}
    union
    select r.key_hash from inactive_event i join raw_event r using (raw_event_id)
    where i.batch_id = any(${batches}::bigint[])`,
  );
  await analyzeTable(db, 'affected');
}

const RECORD = 'r.raw_event_id, r.batch_id, r.business_date::text, r.defect, r.payload';

/** Reads the standing records of one batch, in the order of the file. */
export const standingOfBatch = (batchId: bigint) => ({
  text: `
    select ${RECORD} from raw_event r
    left join inactive_event i using (raw_event_id)
    where r.raw_event_id >= $1 and r.raw_event_id < $2 and i.raw_event_id is null
    order by r.raw_event_id`,
  values: [String(rawEventId(batchId, 0)), String(rawEventId(batchId + 1n, 0))],
});

/** Reads the standing record of every affected key; for the session in which these were found. */
export const STANDING_OF_AFFECTED = {
  text: `
    select ${RECORD} from affected a
    join raw_event r on r.key_hash = a.key_hash
    left join inactive_event i using (raw_event_id)
    where i.raw_event_id is null
    order by r.batch_id, r.raw_event_id`,
  values: [],
};
