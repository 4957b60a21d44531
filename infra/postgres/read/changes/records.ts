import type { Catalog } from '../../../../domain/metrics/catalog.ts';
import { type Measure, measureOf } from '../../../../domain/metrics/measure.ts';
import type { Db } from '../../connect.ts';
import type { NumberKey } from '../explain.ts';
import { changedShares } from './shares.ts';
import type { RecordChanges, Span } from './span.ts';
import { changedSubjects } from './subjects.ts';

/** A version of a number, as far as its records can be told from those of another. */
export type MeasuredVersion = { definition: string; last_entry_id: bigint; catalog: Catalog };

/**
 * The records whose share of a number changed between two versions; null for a number that is made of other numbers.
 */
export async function recordChanges(
  db: Db,
  key: NumberKey,
  before: MeasuredVersion,
  after: MeasuredVersion,
): Promise<RecordChanges | null> {
  const [was, is]: [Measure, Measure] = [measureOf(before.catalog, key.metric), measureOf(after.catalog, key.metric)];
  const everything = before.definition !== after.definition;
  const span: Span = { key, from: before.last_entry_id, to: after.last_entry_id, everything };
  if ((is.by === 'amounts' || is.by === 'entries') && was.by === is.by)
    return changedShares(db, span, is.by, { before: was.of, after: is.of });
  if ((is.by === 'orders' || is.by === 'customers') && was.by === is.by && was.count === is.count)
    return changedSubjects(db, span, is);
  return null;
}
