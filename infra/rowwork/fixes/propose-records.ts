import { sql } from 'kysely';
import { minorDigits } from '../../../domain/currency.ts';
import { power10 } from '../../../domain/decimal.ts';
import type { Row } from '../../../domain/fields.ts';
import { formatExact } from '../../../domain/money.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import { SLIPS, slippedShare, withoutSlip } from '../../../domain/remediation/scale.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import { type ClaimScope, ofMetric, partsOfMetric, shareOf } from '../../postgres/reconcile/claims.ts';
import { repeatedBlocks } from '../../postgres/reconcile/repeated-blocks.ts';
import { storedRecords } from '../stored-records.ts';
import type { Situation } from './situation.ts';

const scopeOf = ({ day, contribution }: Situation): ClaimScope => ({
  clientId: day.clientId,
  date: day.businessDate,
  dimension: '',
  contribution,
});

/** Ids that follow each other, as ranges. */
function rangesOf(ids: readonly bigint[]): [string, string][] {
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : 1));
  const ranges: [bigint, bigint][] = [];
  for (const id of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] + 1n === id) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => [String(first), String(last)]);
}

/**
 * The copy of a block of lines that stands twice in a file is dropped. Equal lines that stand apart may both be meant:
 * they are never dropped.
 */
export async function proposeDroppingBlocks(situation: Situation, source: Source): Promise<Fix[]> {
  if (!source.mapping.key.includes('$line')) return [];
  const claims = await repeatedBlocks(situation.session.db, scopeOf(situation), [source.id]);
  const blocks = Map.groupBy(
    claims.filter((one) => one.detail.startsWith('lines ')),
    (one) => one.detail,
  );
  return [...blocks].map(([detail, records]) => ({
    kind: 'drop_duplicates',
    title: `Drop ${detail}: they repeat lines before them`,
    change: {
      by: 'adjusting',
      source: source.id,
      add: [{ kind: 'skip_events', ranges: rangesOf(records.map((one) => one.rawEventId)) }],
    },
  }));
}

type SlippedRow = { raw_event_id: bigint; business_key: string; share: bigint };
/** More records than these that could be meant are a coincidence. */
const MOST_SLIPPED = 3;

async function slippedRecords(situation: Situation, source: Source, share: bigint): Promise<SlippedRow[]> {
  const { session, day, exception } = situation;
  const scope = scopeOf(situation);
  const rounding = exception.currency === null ? 0n : power10(6 - minorDigits(exception.currency));
  const { rows } = await sql<SlippedRow>`
    select e.raw_event_id, r.business_key, sum(${shareOf(scope)})::bigint as share
    from ledger_entry e join ${partsOfMetric(scope)} on ${ofMetric} join raw_event r using (raw_event_id)
    where e.client_id = ${day.clientId} and e.business_date = ${day.businessDate} and e.source_id = ${source.id}
    group by 1, 2 having abs(sum(${shareOf(scope)}) - ${share}) <= ${rounding}
    limit ${MOST_SLIPPED + 1}`.execute(session.db);
  return rows.length > MOST_SLIPPED ? [] : rows;
}

async function rowOf({ session, day }: Situation, source: Source, id: bigint): Promise<Row | undefined> {
  const stored = { clientId: day.clientId, sourceId: source.id, ...source.options };
  const text = `select raw_event_id, batch_id, '', payload from raw_event where raw_event_id = $1`;
  for await (const [record] of storedRecords(session, stored, { text, values: [String(id)] })) return record?.row;
  return undefined;
}

/** Whether an amount has no more digits than its currency, or than the amount that it is to replace. */
function isPlausible(right: bigint, found: bigint, currency: string | null): boolean {
  const unit = currency === null ? 1n : power10(6 - minorDigits(currency));
  return right % unit === 0n || found % unit !== 0n;
}

/**
 * One record whose amount lost or won a point explains the whole difference: it is resubmitted with the right one. A
 * change of what is published is no such difference: one late record is all of it.
 */
export async function proposeSlips(situation: Situation, source: Source): Promise<Fix[]> {
  const { difference_micros: difference, currency } = situation.exception;
  if (situation.published !== null) return [];
  if (difference === null || difference === 0n || situation.contribution.by !== 'amount') return [];
  const counted = situation.contribution.parts.map((part) => part.kind);
  const counts = (kind: string) => counted.includes('*') || counted.includes(kind);
  const fixes: Fix[] = [];
  for (const slip of SLIPS)
    for (const found of await slippedRecords(situation, source, slippedShare(difference, slip))) {
      const right = (found.share * slip.per) / slip.times;
      const row = await rowOf(situation, source, found.raw_event_id);
      if (!row || !isPlausible(right, found.share, currency)) continue;
      const set = withoutSlip(source.mapping, row, slip, counts);
      fixes.push({
        kind: 'resubmit_quarantined',
        title: `Read record ${found.business_key} of ${source.id} as ${formatExact(right)} instead of ${formatExact(found.share)}`,
        change: {
          by: 'adjusting',
          source: source.id,
          add: [{ kind: 'patch_record', record: String(found.raw_event_id), set }],
        },
      });
    }
  return fixes;
}
