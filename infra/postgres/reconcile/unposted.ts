/** Why a standing or repeated record makes no entry of its own. */
export type UnpostedCause = 'quarantined' | 'duplicates' | 'test_orders';

/** So many records are looked at for a cause; one with more explains nothing that a person could follow. */
export const MOST_RECORDS = 50_000;

const RECORD = (cause: UnpostedCause) => `select r.raw_event_id, r.batch_id, '${cause}', r.payload from raw_event r`;
const OF_DAY = 'r.client_id = $1 and r.source_id = $2 and r.payload is not null';
const LIMIT = MOST_RECORDS + 1;

/**
 * The records of a source and business day that our numbers do not hold, each with its cause: in quarantine; a repeated
 * copy; or standing, valid and without an entry, as `skipWhen` leaves a test order.
 */
export const UNPOSTED_OF_DAY = `
  (${RECORD('quarantined')} join quarantine q on q.raw_event_id = r.raw_event_id and q.released_at is null
    where ${OF_DAY} and q.business_date = $3 limit ${LIMIT})
  union all
  (${RECORD('duplicates')} join inactive_event i on i.raw_event_id = r.raw_event_id and i.reason = 'duplicate'
    where ${OF_DAY} and r.business_date = $3 limit ${LIMIT})
  union all
  (${RECORD('test_orders')} left join inactive_event i on i.raw_event_id = r.raw_event_id
    left join quarantine q on q.raw_event_id = r.raw_event_id and q.released_at is null
    where ${OF_DAY} and r.business_date = $3 and i.raw_event_id is null and q.raw_event_id is null
      and not exists (select from ledger_entry e where e.raw_event_id = r.raw_event_id and e.reverses_entry_id is null
        and not exists (select from ledger_entry x where x.reverses_entry_id = e.entry_id)) limit ${LIMIT})`;
