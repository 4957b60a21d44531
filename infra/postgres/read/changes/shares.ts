import { sql } from 'kysely';
import { type EntrySum, weightOf } from '../../../../domain/metrics/measure.ts';
import type { Db } from '../../connect.ts';
import {
  type ChangeRow,
  cameSince,
  changesOf,
  inPlace,
  type RecordChanges,
  SIGN,
  type Span,
  summedAndNamed,
} from './span.ts';

/** What of a record counts: its amounts, or that it has entries. */
export type Counted = 'amounts' | 'entries';
type Kind = { book: string; kind: string };
type Weight = Kind & { before: number; after: number };

async function kindsOf(db: Db, span: Span): Promise<Kind[]> {
  const { rows } = await sql<Kind>`select distinct e.book, e.kind from ledger_entry e where ${inPlace(span)}`.execute(
    db,
  );
  return rows;
}

const MILLIONTHS = 1_000_000;

/**
 * Records of a metric that adds up over them, whose share changed between two versions: each by its business key, with
 * what it gave before and gives now. `before` and `after` are the sums that make the metric by either definition.
 */
export async function changedShares(
  db: Db,
  span: Span,
  counted: Counted,
  { before, after }: { before: readonly EntrySum[]; after: readonly EntrySum[] },
): Promise<RecordChanges> {
  const weights = (await kindsOf(db, span))
    .map(
      ({ book, kind }): Weight => ({
        book,
        kind,
        before: weightOf(before, book, kind),
        after: weightOf(after, book, kind),
      }),
    )
    .filter((one) => one.before > 0 || one.after > 0);
  const share = counted === 'amounts' ? sql`e.amount_micros` : sql`${SIGN} * ${sql.lit(MILLIONTHS)}`;
  const { key, from } = span;
  const { rows } = await sql<ChangeRow>`
    with weights as (
      select * from jsonb_to_recordset(${JSON.stringify(weights)}::jsonb) as w(book text, kind text, before int, after int)
    ), touched as materialized (
      select distinct r.key_hash
      from ledger_entry e join weights w using (book, kind) join raw_event r using (raw_event_id)
      where ${inPlace(span)} and ${cameSince(span)}
    ), keyed as (
      select e.store_id, max(e.raw_event_id) as record,
        coalesce(sum(${share} * w.before) filter (where e.entry_id <= ${from}::bigint), 0)::bigint as before,
        coalesce(sum(${share} * w.after), 0)::bigint as after,
        coalesce(sum(${SIGN}) filter (where e.entry_id <= ${from}::bigint and w.before > 0), 0) > 0 as was,
        coalesce(sum(${SIGN}) filter (where w.after > 0), 0) > 0 as stands
      from touched t join raw_event r on r.key_hash = t.key_hash and r.client_id = ${key.clientId}
        join ledger_entry e on e.raw_event_id = r.raw_event_id join weights w on w.book = e.book and w.kind = e.kind
      where ${inPlace(span)}
      group by r.source_id, r.key_hash, e.store_id
    ), changed as materialized (
      select *, case when not was then 'new' when not stands then 'gone' else 'changed' end as state
      from keyed where before <> after or was <> stands
    ) ${summedAndNamed}`.execute(db);
  return changesOf(rows);
}
