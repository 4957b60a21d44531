import { auditHandoffs, deliverHandoff, handoffId, moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import { acknowledgeSources } from '../../infra/postgres/handoff/sources.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';

type HandoffDeps = Pick<Deps, 'db' | 'secrets'>;

/** The file is here: its hand-off is delivered, in time or late. */
export async function sourceDelivered(
  { db, secrets }: HandoffDeps,
  day: DayKey,
  sourceId: string,
  batchId: bigint,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const rows = await deliverHandoff(tx, handoffId(day, 'source', sourceId), new Date(), { batchId });
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.delivered', rows);
  });
}

/** No file came: nothing was owed on a closed day, otherwise it is missed once its deadline has passed. */
export async function sourceAbsent(
  { db, secrets }: HandoffDeps,
  day: DayKey,
  sourceId: string,
  { closedDay, waitUntil }: { closedDay: boolean; waitUntil: number },
): Promise<void> {
  if (!closedDay && waitUntil > Date.now()) return;
  const event = closedDay ? 'forgive' : 'miss';
  await db.transaction().execute(async (tx) => {
    const rows = await moveHandoffs(tx, event, [handoffId(day, 'source', sourceId)]);
    await auditHandoffs(tx, secrets.auditKey, day, closedDay ? 'handoff.forgiven' : 'handoff.missed', rows);
  });
}

/** The attempt has normalized what was delivered: it acknowledges it. */
export async function sourcesTaken({ db, secrets }: HandoffDeps, day: DayKey): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.acknowledged', await acknowledgeSources(tx, day));
  });
}
