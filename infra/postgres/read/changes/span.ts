import { sql } from 'kysely';
import { memberColumn } from '../../metrics/slices.ts';
import type { NumberKey } from '../explain.ts';

/**
 * Entries of a number's day between two certificates: those up to `from` made the version before, those up to `to` the
 * one after. `everything` looks at all of them, where the versions read the same entries in two ways.
 */
export type Span = { key: NumberKey; from: bigint; to: bigint; everything: boolean };

/** Entries `e` of the day and place of a number, up to the later certificate. */
export const inPlace = ({ key, to }: Span) => sql`
  e.client_id = ${key.clientId} and e.business_date = ${key.businessDate} and e.entry_id <= ${to}::bigint
  and (${key.storeId} = '' or e.store_id = ${key.storeId}) and ${memberColumn(key.dimension)} = ${key.member}`;

/** Of these, what came after the earlier certificate. */
export const cameSince = ({ from, everything }: Span) => sql`(${everything} or e.entry_id > ${from}::bigint)`;

/** A line and its technical reversal cancel. */
export const SIGN = sql`case when e.reverses_entry_id is null then 1 else -1 end`;

export type RecordState = 'new' | 'changed' | 'gone';

/** A record whose share of a number changed, in micros of its store's currency or in millionths of a count. */
export type ChangedRecord = {
  state: RecordState;
  store_id: string;
  source_id: string;
  business_key: string;
  slot: string;
  line: number;
  before: bigint;
  after: bigint;
};
/** All records of a state and store: how many, and by how much they change the number. */
export type ChangedSum = { state: RecordState; store_id: string; records: bigint; delta: bigint };
export type RecordChanges = { records: readonly ChangedRecord[]; sums: readonly ChangedSum[] };

/** So many records are named; the rest is told by its sum. */
export const MOST_RECORDS = 20;

/** What a query answers that has both: `sum` rows before the `record` rows. */
export type ChangeRow = { row: 'sum' | 'record'; records: bigint; delta: bigint } & ChangedRecord;

/** Both from rows of `changed`: its states summed up, and its largest records with their place. */
export const summedAndNamed = sql`
  select 'sum' as row, state, store_id, '' as source_id, '' as business_key, '' as slot, 0 as line,
    0::bigint as before, 0::bigint as after, count(*)::bigint as records, sum(after - before)::bigint as delta
  from changed group by state, store_id
  union all
  (select 'record', c.state, c.store_id, r.source_id, r.business_key, b.slot, r.line, c.before, c.after, 1,
    (c.after - c.before)::bigint
  from changed c join raw_event r on r.raw_event_id = c.record join capture_batch b on b.batch_id = r.batch_id
  order by abs(c.after - c.before) desc, r.source_id, r.business_key limit ${sql.lit(MOST_RECORDS)})`;

/** Sorts the rows of such a query. */
export function changesOf(rows: readonly ChangeRow[]): RecordChanges {
  const of = (row: ChangeRow['row']) => rows.filter((one) => one.row === row);
  return {
    sums: of('sum').map(({ state, store_id, records, delta }) => ({ state, store_id, records, delta })),
    records: of('record').map(({ row: _, records: __, delta: ___, ...record }) => record),
  };
}
