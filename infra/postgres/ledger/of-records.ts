import { batchOf } from '../capture/raw-event-id.ts';

/**
 * All entries of the records in a relation that has their `raw_event_id`. No tree leads from a record to its entries: of
 * each batch the range of blocks is read in which those of its first to its last record lie.
 */
export const entriesOfRecords = (records: string): string => `
  select e.* from (
    select min(raw_event_id) as first, max(raw_event_id) as last from ${records} group by ${batchOf('raw_event_id')}
  ) span
  join ledger_entry e on e.raw_event_id between span.first and span.last
  where e.raw_event_id in (select raw_event_id from ${records})`;
