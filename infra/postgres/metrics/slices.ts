import { sql } from 'kysely';

/** The client as a whole, all of its stores together. */
export const ALL_STORES = '';

/** A store's slice of a day; dimension '' is the total. */
export type SliceKey = { store_id: string; dimension: string; member: string };

const NONE = '(none)';

/** The member of a dimension that an entry `e` belongs to; '' where there is no dimension. */
export function memberColumn(dimension: string) {
  if (dimension === '') return sql`''`;
  if (dimension === 'channel' || dimension === 'campaign') return sql`coalesce(e.${sql.ref(dimension)}, ${NONE})`;
  return sql`coalesce(e.dimensions->>${dimension}, ${NONE})`;
}

/** Name of the column that holds the members of the dimension at an index. */
export const memberName = (at: number) => sql.ref(`member_${at}`);

/** The members of all dimensions of an entry `e`, as columns that `memberName` names. */
export const memberColumns = (dimensions: readonly string[]) =>
  dimensions.map((dimension, at) => sql`${memberColumn(dimension)} as ${memberName(at)}`);

/**
 * `group by` of some columns in total and for each member of each dimension, in one pass, and the columns that tell which
 * of these a row is of.
 */
export function slicesBy(columns: readonly string[], dimensions: readonly string[]) {
  const keys = columns.map((column) => sql.ref(column));
  const names = dimensions.map((_, at) => memberName(at));
  const sets = [keys, ...names.map((name) => [...keys, name])].map((set) => sql`(${sql.join(set)})`);
  const levels = names.map((name, at) => sql`when grouping(${name}) = 0 then ${sql.lit(at)}::int`);
  return {
    groups: sql`grouping sets (${sql.join(sets)})`,
    level: sql`case ${sql.join([...levels, sql`when true then ${sql.lit(names.length)}::int`], sql` `)} end`,
    member: sql`coalesce(${sql.join([...names, sql.lit('')])})`,
  };
}

/** `level` is the index of the row's dimension, or their number for the total. */
export type SlicedRow<Row extends SliceKey> = Omit<Row, 'dimension'> & { level: number };

/** Names the dimension of a row. */
export const namedSlice = <Row extends SliceKey>(dimensions: readonly string[], row: SlicedRow<Row>): Row =>
  ({ ...row, dimension: dimensions[row.level] ?? '' }) as unknown as Row;
