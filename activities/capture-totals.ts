import { appendAudit } from '../infra/postgres/audit.ts';
import { loadModel } from '../infra/postgres/model.ts';
import { storeTotals } from '../infra/postgres/reconcile/totals.ts';
import { SourceFailure } from '../infra/sources/failure.ts';
import { placeTotals } from '../infra/sources/totals/place-totals.ts';
import { type FileControl, readTotals } from '../infra/sources/totals/read-totals.ts';
import type { OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

export type CapturedTotals = { changed: number; failures: readonly string[] };

async function captureControl(
  { db, files, secrets }: Deps,
  day: DayKey,
  model: OperatingModel,
  control: FileControl,
): Promise<number> {
  const found = await readTotals(control, day.businessDate, files.roots);
  if (!found) return 0;
  const totals = placeTotals(model, control, found);
  const { clientId, businessDate, attempt } = day;
  return db.transaction().execute(async (tx) => {
    const { path: origin, contentHash } = found;
    const { id: controlId, metric, evidence } = control;
    const stated = { clientId, controlId, metric, businessDate, evidence, origin, contentHash, totals };
    const changed = await storeTotals(tx, { ...stated, complete: true });
    if (changed > 0)
      await appendAudit(tx, secrets.auditKey, {
        clientId,
        businessDate,
        attempt,
        actor: 'meshline',
        action: 'totals.captured',
        subject: controlId,
        detail: { origin, contentHash, stated: totals.length, changed },
      });
    return changed;
  });
}

async function noteFailure({ db, secrets }: Deps, day: DayKey, control: FileControl, message: string): Promise<void> {
  await db.transaction().execute((tx) =>
    appendAudit(tx, secrets.auditKey, {
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      actor: 'meshline',
      action: 'totals.not_read',
      subject: control.id,
      detail: { message },
    }),
  );
}

/**
 * Reads the platforms' own totals of the day, each kept as it was read. A file that cannot be read is a failure told,
 * not thrown; one that is not there says nothing, so what it said before stands.
 */
export function createCaptureTotals(deps: Deps) {
  return async function captureTotals(day: DayKey): Promise<CapturedTotals> {
    const { document: model } = await loadModel(deps.db, day.clientId, day.modelVersion);
    const failures: string[] = [];
    let changed = 0;
    for (const control of model.controls) {
      if (control.connector !== 'file') continue;
      try {
        changed += await captureControl(deps, day, model, control);
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error;
        failures.push(error.message);
        await noteFailure(deps, day, control, error.message);
      }
    }
    return { changed, failures };
  };
}
