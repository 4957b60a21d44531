import { sql } from 'kysely';
import type { Measure } from '../../../../domain/metrics/measure.ts';
import type { Db } from '../../connect.ts';
import { salesByCustomer, salesByOrder } from '../../customers/sales.ts';
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

/** An order is one of its store, a customer one of the client. */
const SUBJECTS = {
  orders: { id: sql`e.order_id`, store: sql`e.store_id`, earlier: sql`p.order_id = t.id and p.store_id = t.store_id` },
  customers: { id: sql`e.customer_key::text`, store: sql`''`, earlier: sql`p.customer_key = t.id::uuid` },
} as const;
const COUNTS = { all: sql`true`, first: sql`not`, again: sql`` } as const;

type SubjectMeasure = Extract<Measure, { by: 'orders' | 'customers' }>;

/** Sales of earlier days: those of an order by its store, those of a customer by the client. */
const earlierSales = ({ by }: SubjectMeasure, { clientId, businessDate }: Span['key']) =>
  (by === 'customers' ? salesByCustomer : salesByOrder)(clientId, businessDate);

/** Whether a subject `t` had a standing sale on an earlier day, as the ledger said up to an entry. */
const soldBefore = (measure: SubjectMeasure, { key }: Span, upTo: bigint) => sql`
  coalesce((select sum(p.sign) from ${earlierSales(measure, key)} p
    where ${SUBJECTS[measure.by].earlier} and p.entry_id <= ${upTo}::bigint), 0) > 0`;

/** Whether a standing subject is counted: every one, the new ones or those that came again. */
const counts = (measure: SubjectMeasure, span: Span, upTo: bigint) =>
  measure.count === 'all' ? COUNTS.all : sql`${COUNTS[measure.count]} ${soldBefore(measure, span, upTo)}`;

/**
 * Orders or customers that a version counts and the one before it did not, or the other way round: one of each, with
 * the latest record that speaks of it.
 */
export async function changedSubjects(db: Db, span: Span, measure: SubjectMeasure): Promise<RecordChanges> {
  const { id, store } = SUBJECTS[measure.by];
  const sales = sql`${inPlace(span)} and e.kind = 'gross_sales' and ${id} is not null`;
  const { rows } = await sql<ChangeRow>`
    with touched as materialized (
      select distinct ${store} as store_id, ${id} as id from ledger_entry e where ${sales} and ${cameSince(span)}
    ), standing as (
      select ${store} as store_id, ${id} as id, max(e.raw_event_id) as record,
        coalesce(sum(${SIGN}) filter (where e.entry_id <= ${span.from}::bigint), 0) > 0 as was, sum(${SIGN}) > 0 as stands
      from ledger_entry e where ${sales} group by 1, 2
    ), counted as (
      select t.*, s.record, s.was and ${counts(measure, span, span.from)} as before, s.stands and ${counts(measure, span, span.to)} as after
      from touched t join standing s using (store_id, id)
    ), changed as materialized (
      select store_id, record, case when after then 'new' else 'gone' end as state,
        case when before then 1000000 else 0 end::bigint as before, case when after then 1000000 else 0 end::bigint as after
      from counted where before <> after
    ) ${summedAndNamed}`.execute(db);
  return changesOf(rows);
}
