import { loadModel } from '../infra/postgres/model.ts';
import { storeTotal } from '../infra/postgres/reconcile/totals.ts';
import { SourceFailure } from '../infra/sources/failure.ts';
import { type FileControl, type ReadTotal, readTotals } from '../infra/sources/totals/read-totals.ts';
import type { OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

export type CapturedTotals = { changed: number; failures: readonly string[] };

/** A total that names no store is of the control's store, or of the only one. */
function storeOf(model: OperatingModel, control: FileControl, total: ReadTotal): string {
  return total.store ?? control.store ?? model.stores[0]!.id;
}

async function captureControl(
  { db, files }: Deps,
  day: DayKey,
  model: OperatingModel,
  control: FileControl,
): Promise<number> {
  const found = await readTotals(control, day.businessDate, files.roots);
  let changed = 0;
  for (const total of found?.totals ?? []) {
    const stored = await storeTotal(db, {
      clientId: day.clientId,
      storeId: storeOf(model, control, total),
      controlId: control.id,
      metric: control.metric,
      businessDate: day.businessDate,
      slice: total.slice,
      valueMicros: total.valueMicros,
      evidence: control.evidence,
      origin: found!.path,
      contentHash: found!.contentHash,
    });
    if (stored) changed += 1;
  }
  return changed;
}

/** Reads the platforms' own totals of the day, each kept as it was read. A file that cannot be read is a failure told, not thrown. */
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
      }
    }
    return { changed, failures };
  };
}
