import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { memberColumns, memberName, namedSlice, type SlicedRow, type SliceKey, slicesBy } from './slices.ts';

export type SumRow = SliceKey & { book: string; kind: string; sum: bigint; entries: bigint };

const KEYS = ['store_id', 'book', 'kind'];

/**
 * Adds up a day's entries by store, book and kind, in total and for each member of each dimension, in one pass over the
 * ledger. What is wholly taken back leaves no row: numbers depend on what stands, not on what once stood.
 */
export async function readSums(
  db: Db,
  clientId: string,
  date: string,
  dimensions: readonly string[],
): Promise<SumRow[]> {
  const { groups, level, member } = slicesBy(KEYS, dimensions);
  const finest = [...KEYS.map((key) => sql.ref(key)), ...dimensions.map((_, at) => memberName(at))];
  // Grouping sets are added up by one process alone; by their finest members the day is added up side by side first.
  const { rows } = await sql<SlicedRow<SumRow>>`
    select store_id, book, kind, sum(amount)::bigint as sum, sum(counted)::bigint as entries, ${level} as level, ${member} as member
    from (
      select ${sql.join(finest)}, sum(amount_micros) as amount, sum(counted) as counted from (
        select ${sql.join([...ENTRY, ...memberColumns(dimensions)])}
        from ledger_entry e where e.client_id = ${clientId} and e.business_date = ${date}
      ) entries
      group by ${sql.join(finest)}
    ) members
    group by ${groups}
    having sum(counted) > 0`.execute(db);
  return rows.map((row) => namedSlice(dimensions, row));
}

const ENTRY = [
  ...['store_id', 'book', 'kind', 'amount_micros'].map((name) => sql.ref(`e.${name}`)),
  sql`case when e.reverses_entry_id is null then 1 else -1 end as counted`,
];
