import { sql } from 'kysely';

/** Room for the records of one batch; a batch with more is refused. */
const BITS = 28n;
export const MOST_RECORDS = 2 ** Number(BITS);

/**
 * The id of a batch's record by its place among the batch's records, from 0 on. Whoever reads the file knows the ids
 * before anything is stored, and all records of a batch are one range of the primary key.
 */
export const rawEventId = (batchId: bigint, place: number): bigint => (batchId << BITS) + BigInt(place);

/** The first id of a batch, in SQL. `batch` is a column or expression such as `b.batch_id`. */
export const firstOfBatch = (batch: string): string => `((${batch}) << ${BITS})`;

/**
 * Whether a record is of a batch, as a range of its id. `record` and `batch` are columns in SQL, such as
 * `r.raw_event_id`.
 */
export const isOfBatch = (record: string, batch: string): string =>
  `${record} >= (${batch} << ${BITS}) and ${record} < ((${batch} + 1) << ${BITS})`;

/** The same for one batch that is known. */
export const ofBatch = (record: string, batchId: bigint) =>
  sql`${sql.ref(record)} >= ${rawEventId(batchId, 0)} and ${sql.ref(record)} < ${rawEventId(batchId + 1n, 0)}`;
