import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { emitEvents } from './emit.ts';
import { routingModel } from './model.ts';

/** Notes that an attempt has ended, and what the day is now. */
export async function emitFinished(
  tx: Db,
  { clientId, businessDate, attempt }: AttemptKey,
  ending: { how: string; status: string },
): Promise<void> {
  const model = await routingModel(tx, clientId, businessDate);
  const id = ['close.finished', clientId, businessDate, attempt].join('/');
  const event = { id, type: 'close.finished', clientId, businessDate, facts: { attempt, ...ending } } as const;
  if (model) await emitEvents(tx, model, [event]);
}
