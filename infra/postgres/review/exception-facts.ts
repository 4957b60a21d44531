import type { ExceptionFacts } from '../../../domain/exception/facts.ts';
import { exactOrNull } from '../../../domain/money.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

const orNull = (text: string): string | null => (text === '' ? null : text);

/** An exception as the rules of a model see it. */
export const factsOf = (row: ExceptionRow): ExceptionFacts => ({
  id: row.exception_id,
  state: row.state,
  overdue: row.state === 'overdue',
  kind: row.kind,
  subject: row.subject,
  owner: row.owner,
  message: row.message,
  metric: row.metric,
  source: row.source_id,
  control: row.control_id,
  store: orNull(row.store_id),
  slice: orNull(row.slice),
  difference: exactOrNull(row.difference_micros),
  currency: row.currency,
  withheld: row.withheld,
});
