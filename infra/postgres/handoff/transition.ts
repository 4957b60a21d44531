import { type RawBuilder, sql } from 'kysely';
import { type HandoffEvent, handoffAfter, handoffStatesThatTake } from '../../../domain/handoff/table.ts';

/** The states in which an event can happen, as the operand of `in`. */
export const takesHandoff = (event: HandoffEvent): RawBuilder<unknown> =>
  sql`(${sql.join(handoffStatesThatTake(event).map((state) => sql.lit(state)))})`;

/** What an event makes of the state in a column, as the table of states says; what it cannot happen to stays. */
export function handoffBecomes(event: HandoffEvent, column: RawBuilder<unknown>): RawBuilder<unknown> {
  const moves = handoffStatesThatTake(event).map(
    (state) => sql`when ${sql.lit(state)} then ${sql.lit(handoffAfter(state, event))}`,
  );
  return sql`case ${column} ${sql.join(moves, sql` `)} else ${column} end`;
}
