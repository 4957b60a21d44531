import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { memberColumns, memberName, type SliceKey } from './slices.ts';

export type SumRow = SliceKey & { book: string; kind: string; sum: bigint; entries: bigint };
type GroupedRow = Omit<SumRow, 'dimension' | 'member'> & { level: number; members: (string | null)[] };

/** `level` tells which of the grouping sets a row is of: the index of its dimension, or their number for the total. */
function placed(dimensions: readonly string[], { level, members, ...row }: GroupedRow): SumRow {
  return { ...row, dimension: dimensions[level] ?? '', member: members[level] ?? '' };
}

/**
 * Adds up a day's entries by store, book and kind, in total and for each member of each dimension, in one pass. What is
 * wholly taken back leaves no row: numbers depend on what stands, not on what once stood.
 */
export async function readSums(
  db: Db,
  clientId: string,
  date: string,
  dimensions: readonly string[],
): Promise<SumRow[]> {
  const names = dimensions.map((_, at) => memberName(at));
  const sets = [sql`(store_id, book, kind)`, ...names.map((name) => sql`(store_id, book, kind, ${name})`)];
  const levels = names.map((name, at) => sql`when grouping(${name}) = 0 then ${sql.lit(at)}::int`);
  const { rows } = await sql<GroupedRow>`
    select store_id, book, kind, sum(amount_micros)::bigint as sum, sum(counted)::bigint as entries,
      case ${sql.join([...levels, sql`when true then ${sql.lit(names.length)}::int`], sql` `)} end as level,
      array[${sql.join(names)}]::text[] as members
    from (
      select ${sql.join([...ENTRY, ...memberColumns(dimensions)])}
      from ledger_entry e where e.client_id = ${clientId} and e.business_date = ${date}
    ) entries
    group by grouping sets (${sql.join(sets)})
    having sum(counted) > 0`.execute(db);
  return rows.map((row) => placed(dimensions, row));
}

const ENTRY = [
  ...['store_id', 'book', 'kind', 'amount_micros'].map((name) => sql.ref(`e.${name}`)),
  sql`case when e.reverses_entry_id is null then 1 else -1 end as counted`,
];
