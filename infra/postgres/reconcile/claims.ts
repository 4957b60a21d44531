import { type RawBuilder, sql } from 'kysely';
import type { Contribution } from '../../../domain/reconcile/contribution.ts';
import type { Db } from '../connect.ts';
import { memberColumn } from '../metrics/slices.ts';
import { MOST_RECORDS } from './unposted.ts';

/** What is looked for: the share that a day's entries have in a metric, by store and member of a dimension ('' is none). */
export type ClaimScope = { clientId: string; date: string; dimension: string; contribution: Contribution };

/** One record's share, under one reading of a cause. */
export type Claim = { storeId: string; member: string; detail: string; rawEventId: bigint; amountMicros: bigint };
type ClaimRow = { store_id: string; member: string; detail: string; raw_event_id: bigint; amount_micros: bigint };

/** Lays the parts of the metric beside the entries `e`. */
export const partsOfMetric = ({ contribution }: ClaimScope): RawBuilder<unknown> => sql`
  jsonb_to_recordset(${JSON.stringify(contribution.parts)}::jsonb) as p(book text, kind text, times integer)`;
export const ofMetric = sql`p.book = e.book and p.kind in (e.kind, '*')`;

export const memberOf = ({ dimension }: ClaimScope): RawBuilder<unknown> => memberColumn(dimension);

/** An entry's share of the metric; a technical reversal takes an entry away. */
export const shareOf = ({ contribution }: ClaimScope): RawBuilder<unknown> =>
  contribution.by === 'amount'
    ? sql`p.times * e.amount_micros`
    : sql`p.times * case when e.reverses_entry_id is null then 1000000 else -1000000 end`;

/** Runs a query for claims; none where there are more than a person could follow. */
export async function readClaims(db: Db, query: RawBuilder<ClaimRow>): Promise<Claim[]> {
  const { rows } = await sql<ClaimRow>`${query} limit ${MOST_RECORDS + 1}`.execute(db);
  if (rows.length > MOST_RECORDS) return [];
  return rows.map((row) => ({
    storeId: row.store_id,
    member: row.member,
    detail: row.detail,
    rawEventId: row.raw_event_id,
    amountMicros: row.amount_micros,
  }));
}

export type { ClaimRow };
