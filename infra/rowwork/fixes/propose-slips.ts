import { sql } from 'kysely';
import { minorDigits } from '../../../domain/currency.ts';
import { power10 } from '../../../domain/decimal.ts';
import { formatExact } from '../../../domain/money.ts';
import type { Adjustment } from '../../../domain/normalize/adjustment.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import { SLIPS, type Slip, slippedShare, withoutSlip } from '../../../domain/remediation/scale.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import { ofMetric, partsOfMetric, shareOf } from '../../postgres/reconcile/claims.ts';
import { storedRecords } from '../stored-records.ts';
import { scopeOf } from './propose-records.ts';
import type { Situation } from './situation.ts';

/** A record, or all records of an order, whose share of the metric is what a slip would make of it. */
type Slipped = { records: string[]; name: string; share: bigint };
/** More than these that could be meant are a coincidence. */
const MOST_SLIPPED = 3;

/** The smallest amount of the finding's currency; a count has none. */
const unitOf = ({ exception: { currency } }: Situation): bigint =>
  currency === null ? 1n : power10(6 - minorDigits(currency));

/** How far a share may be off: by as much as the amount that comes out is rounded. */
const marginOf = (situation: Situation, { times, per }: Slip): bigint =>
  times < per ? (unitOf(situation) * times) / per : unitOf(situation);

async function slipped(situation: Situation, source: Source, slip: Slip): Promise<Slipped[]> {
  const { session, day, exception } = situation;
  const scope = scopeOf(situation);
  const share = slippedShare(exception.difference_micros!, slip);
  const { rows } = await sql<Slipped>`
    select array_agg(distinct e.raw_event_id::text) as records, sum(${shareOf(scope)})::bigint as share,
      case when grouping(e.order_id) = 1 then 'record ' || min(r.business_key)
        else 'the ' || count(distinct e.raw_event_id) || ' records of order ' || e.order_id end as name
    from ledger_entry e join ${partsOfMetric(scope)} on ${ofMetric} join raw_event r using (raw_event_id)
    where e.client_id = ${day.clientId} and e.business_date = ${day.businessDate} and e.source_id = ${source.id}
    group by grouping sets ((e.raw_event_id), (e.order_id))
    having abs(sum(${shareOf(scope)}) - ${share}) <= ${marginOf(situation, slip)}
      and (grouping(e.order_id) = 1 or (e.order_id is not null and count(distinct e.raw_event_id) > 1))
    limit ${MOST_SLIPPED + 1}`.execute(session.db);
  return rows.length > MOST_SLIPPED ? [] : rows;
}

/** Reads what slipped once more, each record with its amounts as they would be without the slip. */
async function patches(situation: Situation, source: Source, found: Slipped, slip: Slip): Promise<Adjustment[]> {
  const { session, day, contribution } = situation;
  const counted = contribution.parts.map((part) => part.kind);
  const counts = (kind: string) => counted.includes('*') || counted.includes(kind);
  const stored = { clientId: day.clientId, sourceId: source.id, ...source.options };
  const text = `select raw_event_id, batch_id, '', payload from raw_event where raw_event_id = any($1) order by 1`;
  const read: Adjustment[] = [];
  for await (const records of storedRecords(session, stored, { text, values: [found.records] }))
    for (const { rawEventId, row } of records)
      read.push({
        kind: 'patch_record',
        record: String(rawEventId),
        set: withoutSlip(source.mapping, row, slip, counts),
      });
  return read;
}

/** Whether an amount has no more digits than its currency, or than the amount that it is to replace. */
const isPlausible = (situation: Situation, right: bigint, found: bigint): boolean =>
  right % unitOf(situation) === 0n || found % unitOf(situation) !== 0n;

async function withoutThe(slip: Slip, situation: Situation, source: Source, found: Slipped): Promise<Fix[]> {
  const right = (found.share * slip.per) / slip.times;
  if (!isPlausible(situation, right, found.share)) return [];
  const add = await patches(situation, source, found, slip);
  if (add.length < found.records.length) return [];
  const title = `Read ${found.name} of ${source.id} as ${formatExact(right)} instead of ${formatExact(found.share)}`;
  return [{ kind: 'resubmit_quarantined', title, change: { by: 'adjusting', source: source.id, add } }];
}

/**
 * One record or one order whose amount lost or won a point explains the whole difference: it is resubmitted with the
 * right one. A change of what is published is no such difference: one late record is all of it.
 */
export async function proposeSlips(situation: Situation, source: Source): Promise<Fix[]> {
  const { published, exception, contribution } = situation;
  const difference = exception.difference_micros ?? 0n;
  if (published !== null || difference === 0n || contribution.by !== 'amount') return [];
  const fixes: Fix[] = [];
  for (const slip of SLIPS)
    for (const found of await slipped(situation, source, slip))
      fixes.push(...(await withoutThe(slip, situation, source, found)));
  return fixes;
}
