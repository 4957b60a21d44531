import { isClosedDay } from '../../../domain/calendar.ts';
import type { DayFact, PeriodFacts } from '../../../domain/period/checklist.ts';
import { datesOfMonth, monthBounds } from '../../../domain/period/month.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import {
  changedDays,
  dayStatuses,
  droppedMetrics,
  firstDay,
  keptDays,
  openExceptionsOf,
  provisionalDays,
  revisionsOf,
  seenHash,
  withheldMetrics,
} from '../../../infra/postgres/period/facts.ts';
import type { PeriodRow } from '../../../infra/postgres/period/rows.ts';
import { findVersion } from '../../../infra/postgres/read/clients.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { isOver } from '../engine/closable-day.ts';

/** The model that holds at the end of a month; the latest where none holds yet. */
async function modelAt(tx: Tx, clientId: string, month: string): Promise<OperatingModel> {
  const version = await effectiveVersion(tx, clientId, monthBounds(month).to);
  if (version !== undefined) return (await loadModel(tx, clientId, version)).document;
  return (await findVersion(tx, clientId, null))!.document;
}

async function dayFacts(tx: Tx, clientId: string, month: string, model: OperatingModel): Promise<DayFact[]> {
  const first = await firstDay(tx, clientId);
  const statuses = await dayStatuses(tx, { clientId, month });
  const expected = datesOfMonth(month).filter((date) => first !== null && date >= first);
  return expected.map((date) => ({
    date,
    status: statuses.get(date) ?? null,
    over: isOver(model, date),
    closedDay: isClosedDay(model.calendar, date),
  }));
}

function seenOf({ state, seen_hash }: PeriodRow, now: string): PeriodFacts['seen'] {
  if (state === 'open' || seen_hash === null) return null;
  return seen_hash === now ? 'as_now' : 'changed';
}

/** Everything that a month's checklist asks, as the database shows it now. */
export async function readFacts(tx: Tx, clientId: string, period: PeriodRow): Promise<PeriodFacts> {
  const { month } = period;
  const model = await modelAt(tx, clientId, month);
  const key = { clientId, month };
  return {
    ...key,
    days: await dayFacts(tx, clientId, month, model),
    exceptions: await openExceptionsOf(tx, key),
    changed: await changedDays(tx, key),
    kept: await keptDays(tx, key),
    dropped: await droppedMetrics(tx, key),
    withheld: await withheldMetrics(tx, key, model.report.metrics),
    provisional: await provisionalDays(tx, key),
    revisions: (await revisionsOf(tx, key)).length,
    seen: seenOf(period, await seenHash(tx, key)),
  };
}
