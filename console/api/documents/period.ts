import { storyOf } from '../../../domain/audit-story.ts';
import type { Catalog } from '../../../domain/metrics/catalog.ts';
import { checklistOf } from '../../../domain/period/checklist.ts';
import type { PeriodNumber } from '../../../domain/period/numbers.ts';
import { isLocked, type PeriodState } from '../../../domain/period/table.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { type AdjustmentRow, postedAboutMonth, postedTo } from '../../../infra/postgres/period/adjustments.ts';
import { type RevisionRow, revisionsOf } from '../../../infra/postgres/period/facts.ts';
import { type LateChange, lateChanges } from '../../../infra/postgres/period/late.ts';
import { findLock, type LockRow } from '../../../infra/postgres/period/numbers.ts';
import type { PeriodRow } from '../../../infra/postgres/period/rows.ts';
import { periodEvents } from '../../../infra/postgres/period/timeline.ts';
import type { PeriodDocument } from '../../../schemas/api/periods.ts';
import { readFacts } from '../periods/facts.ts';
import { catalogOf, numbersOf } from '../periods/numbers.ts';
import { valueText } from './amounts.ts';

const textOf = (catalog: Catalog, metric: string, micros: bigint | null, currency: string | null): string | null =>
  valueText(micros, currency, { catalog, id: metric });

const revisionOf = (catalog: Catalog, row: RevisionRow): PeriodDocument['revisions'][number] => ({
  businessDate: row.business_date,
  store: row.store_id,
  metric: row.metric,
  slice: row.dimension === '' ? null : { dimension: row.dimension, member: row.member },
  version: row.version,
  old: textOf(catalog, row.metric, row.before_micros, row.currency),
  new: textOf(catalog, row.metric, row.after_micros, row.currency),
  currency: row.currency,
  reason: row.reason,
  basis: row.basis,
  by: row.released_by,
  at: row.published_at.toISOString(),
});

const numberOf = (catalog: Catalog, one: PeriodNumber): PeriodDocument['numbers'][number] => ({
  store: one.storeId,
  metric: one.metric,
  definition: one.definition,
  currency: one.currency,
  days: one.days,
  ofDays: textOf(catalog, one.metric, one.daysMicros, one.currency),
  adjustments: textOf(catalog, one.metric, one.adjustmentMicros, one.currency) ?? '',
  value: textOf(catalog, one.metric, one.valueMicros, one.currency),
});

export const shownState = (state: PeriodState): PeriodDocument['state'] =>
  isLocked(state) ? 'locked' : state === 'soft_closed' ? state : 'open';

export const adjustmentOf = (catalog: Catalog, row: AdjustmentRow): PeriodDocument['adjustments'][number] => ({
  businessDate: row.business_date,
  postedIn: row.period_month,
  store: row.store_id,
  metric: row.metric,
  amount: textOf(catalog, row.metric, row.amount_micros, row.currency) ?? '',
  currency: row.currency,
  reason: row.reason,
  at: row.posted_at.toISOString(),
});

const closedOf = (row: PeriodRow): PeriodDocument['closed'] =>
  row.closed_by === null || row.closed_at === null
    ? null
    : { by: row.closed_by, at: row.closed_at.toISOString(), reason: row.close_reason };

const lockedOf = (row: LockRow): PeriodDocument['locked'] => ({
  by: row.locked_by,
  at: row.locked_at.toISOString(),
  reason: row.lock_reason,
  lock: row.lock,
  contentHash: row.content_hash,
  audit: { sequence: String(row.audit_sequence), hash: row.audit_hash },
});

const reopeningOf = (row: PeriodRow): PeriodDocument['reopening'] =>
  row.reopening_by === null || row.reopening_at === null
    ? null
    : { by: row.reopening_by, at: row.reopening_at.toISOString(), reason: row.reopening_reason ?? '' };

const lateChangeOf = ({ exception_id: exception, business_date: businessDate, kind }: LateChange) => ({
  exception,
  businessDate,
  kind,
});

async function lateChangesOf(tx: Tx, clientId: string, month: string): Promise<PeriodDocument['lateChanges']> {
  const late = await lateChanges(tx, clientId, month);
  return {
    waiting: late.filter((one) => !one.rejected).map(lateChangeOf),
    rejected: late.filter((one) => one.rejected).map(lateChangeOf),
  };
}

/** A month with its checklist and its numbers; a locked one shows both as they were locked, and beside them what came late. */
export async function periodDocumentOf(tx: Tx, clientId: string, period: PeriodRow): Promise<PeriodDocument> {
  const { month, state } = period;
  const catalog = await catalogOf(tx, clientId, month);
  const lock = isLocked(state) ? await findLock(tx, clientId, month, period.locks) : null;
  const adjustments = async (rows: Promise<AdjustmentRow[]>) => (await rows).map((one) => adjustmentOf(catalog, one));
  return {
    client: clientId,
    month,
    state: shownState(state),
    closed: closedOf(period),
    locked: lock && lockedOf(lock),
    reopening: reopeningOf(period),
    checklist: lock ? lock.checklist : checklistOf(await readFacts(tx, clientId, period)),
    revisions: (await revisionsOf(tx, { clientId, month })).map((one) => revisionOf(catalog, one)),
    numbers: (await numbersOf(tx, clientId, period, catalog)).map((one) => numberOf(catalog, one)),
    adjustments: await adjustments(postedTo(tx, clientId, month)),
    adjustedSince: await adjustments(postedAboutMonth(tx, clientId, month)),
    lateChanges: lock && (await lateChangesOf(tx, clientId, month)),
    timeline: (await periodEvents(tx, clientId, month)).map((one) => ({
      at: one.at.toISOString(),
      actor: one.actor,
      event: storyOf(one),
    })),
  };
}
