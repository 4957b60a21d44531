import { dayBounds } from '../../../domain/business-day.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { unprocessable } from '../problem.ts';
import { requireClient } from '../routes/route.ts';

/** The instant at which a business day has ended for the client and for every store of it, in epoch ms. */
function endOf({ client, stores }: OperatingModel, date: string): number {
  return Math.max(...[client, ...stores].map((one) => dayBounds(date, one.timezone, one.cutOff).endMs));
}

/** Whether a business day has ended for the client and for every store of it. */
export const isOver = (model: OperatingModel, date: string): boolean => endOf(model, date) <= Date.now();

/** Throws where a business day has not ended yet. */
export function requireOver(model: OperatingModel, date: string): void {
  if (isOver(model, date)) return;
  const end = endOf(model, date);
  throw unprocessable(
    'day-not-over',
    'The day is not over',
    `${date} is not over for ${model.client.id}: it ends ${new Date(end).toISOString()}.`,
  );
}

/** Throws where a day cannot be closed: no such client, no operating model for it, or it is not over yet. */
export async function requireClosableDay(tx: Tx, client: string, date: string): Promise<void> {
  await requireClient(tx, client);
  const version = await effectiveVersion(tx, client, date);
  if (version === undefined)
    throw unprocessable(
      'no-effective-model',
      'No operating model for this day',
      `No operating model of ${client} is effective on ${date}.`,
    );
  const { document } = await loadModel(tx, client, version);
  requireOver(document, date);
}
