import { addDays, businessDate as dayOf } from '../../domain/business-day.ts';
import { locateBeside } from '../../infra/postgres/capture/locate-source.ts';
import { latestUploads, type Upload } from '../../infra/postgres/capture/uploads.ts';
import { type CapturedSlot, capturedSlots, outdatedDays } from '../../infra/postgres/revisions/lapsed.ts';
import { SourceFailure } from '../../infra/sources/failure.ts';
import { isRestated } from '../../infra/sources/file/restated.ts';
import type { OperatingModel, Source } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { currentModel } from './current-model.ts';

/** A day that is to be closed anew: at normalize where its records have come by other files, else from its own. */
export type PlannedRevision = { businessDate: string; beginsAt: 'capture' | 'normalize' };
type PlanDeps = Pick<Deps, 'db' | 'files'>;

/** A source that cannot be read now has not said anything else. */
async function saysOtherwise({ files }: PlanDeps, source: Source, slot: CapturedSlot, uploaded: Upload | undefined) {
  try {
    const found = await locateBeside(uploaded, files.roots, source, slot.slot_date);
    const captured = { contentHash: slot.content_hash, at: slot.captured_at };
    return found !== null && (await isRestated(found.path, captured, files.maximumFileBytes));
  } catch (error) {
    if (error instanceof SourceFailure) return false;
    throw error;
  }
}

/** Days in the settling window of a source whose own file has been written anew. */
async function restatedDays(deps: PlanDeps, model: OperatingModel): Promise<string[]> {
  const { id: clientId, timezone, cutOff } = model.client;
  const today = dayOf(new Date(), timezone, cutOff);
  const dates: string[] = [];
  for (const source of model.sources.filter((one) => one.settlingDays > 0)) {
    const slots = { clientId, sourceId: source.id, from: addDays(today, -source.settlingDays), to: today };
    const uploads = await latestUploads(deps.db, slots);
    for (const slot of await capturedSlots(deps.db, slots))
      if (await saysOtherwise(deps, source, slot, uploads.get(slot.slot_date))) dates.push(slot.slot_date);
  }
  return dates;
}

/** Finds the client's days that are to be closed anew, in the order of their dates. */
export function createPlanRevisions(deps: PlanDeps) {
  return async function planRevisions(clientId: string): Promise<PlannedRevision[]> {
    const model = await currentModel(deps.db, clientId);
    if (!model) return [];
    const restated = new Set(await restatedDays(deps, model));
    const lapsed = await outdatedDays(deps.db, clientId);
    return [...new Set([...lapsed, ...restated])].sort().map((businessDate) => ({
      businessDate,
      beginsAt: restated.has(businessDate) ? ('capture' as const) : ('normalize' as const),
    }));
  };
}
