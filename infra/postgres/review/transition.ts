import { type RawBuilder, sql } from 'kysely';
import {
  ENDED_STATES,
  type ExceptionEvent,
  type ExceptionState,
  stateAfter,
  statesThatTake,
} from '../../../domain/exception/table.ts';

const listed = (states: readonly ExceptionState[]): RawBuilder<unknown> =>
  sql.join(states.map((state) => sql.lit(state)));

/** The states in which an exception has ended, as the operand of `in`. */
export const ENDED = sql`(${listed(ENDED_STATES)})`;

/** The states in which an event can happen, as the operand of `in`. */
export const takes = (event: ExceptionEvent): RawBuilder<unknown> => sql`(${listed(statesThatTake(event))})`;

/** What an event makes of the state in a column, as the table of states says; what it cannot happen to stays. */
export function becomes(event: ExceptionEvent, column: RawBuilder<unknown>): RawBuilder<unknown> {
  const moves = statesThatTake(event).map(
    (state) => sql`when ${sql.lit(state)} then ${sql.lit(stateAfter(state, event))}`,
  );
  return sql`case ${column} ${sql.join(moves, sql` `)} else ${column} end`;
}
