import { businessDate as dayOf } from '../../domain/business-day.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { currentClock } from '../../infra/postgres/installation/clients.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

/** The operating model that holds for a client today; undefined for a client without one. */
export async function currentModel(db: Db, clientId: string): Promise<OperatingModel | undefined> {
  const clock = await currentClock(db, clientId);
  if (!clock) return undefined;
  const version = await effectiveVersion(db, clientId, dayOf(new Date(), clock.timezone, clock.cutOff));
  return version === undefined ? undefined : (await loadModel(db, clientId, version)).document;
}
