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
