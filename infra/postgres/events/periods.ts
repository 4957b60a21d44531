import { sql } from 'kysely';
import { monthBounds } from '../../../domain/period/month.ts';
import type { Db } from '../connect.ts';
import { emitEvents } from './emit.ts';
import { routingModel } from './model.ts';

export type PeriodStep = {
  type: 'period.closed' | 'period.locked' | 'period.reopened';
  clientId: string;
  month: string;
  actor: string;
  reason: string | null;
};

/** Which time it is that this happens to the month. The month's own lock keeps two of them apart. */
async function occurrence(tx: Db, { type, clientId, month }: PeriodStep): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from event
    where client_id = ${clientId} and business_date is null and type = ${type} and facts->>'month' = ${month}`.execute(
    tx,
  );
  return rows[0]!.count + 1;
}

/** Notes that a month was closed, locked or reopened, by the routing that holds at its end. */
export async function emitPeriod(tx: Db, step: PeriodStep): Promise<void> {
  const { type, clientId, month, actor, reason } = step;
  const model = (await routingModel(tx, clientId, monthBounds(month).to)) ?? (await routingModel(tx, clientId, null));
  const id = [type, clientId, month, await occurrence(tx, step)].join('/');
  const facts = { month, actor, reason };
  if (model) await emitEvents(tx, model, [{ id, type, clientId, businessDate: null, facts }]);
}
