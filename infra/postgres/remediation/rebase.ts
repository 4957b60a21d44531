import { storeTransform } from '../../operating-model/store.ts';
import type { Db } from '../connect.ts';
import { type PinnedModel, transformRule } from '../model.ts';
import { transformOf } from '../read/certified-records.ts';
import { pinTransform } from './pin-transform.ts';
import { type StandingPin, standingPins } from './standing-pins.ts';

type Day = { clientId: string; businessDate: string };

/** What each source of a day is read with, where that is not the model's. */
async function pinnedTransforms(db: Db, day: Day): Promise<StandingPin[]> {
  const { rows } = await standingPins(day).execute(db);
  return [...new Map(rows.map((row) => [row.source_id, row])).values()];
}

/**
 * Lays a day's adjustments over the transforms of the model that holds now, where that has others than those they were
 * made for. A day that was given a whole earlier transform gets the model's again: it has been corrected since. Must run
 * in the transaction in which the model is used for the day.
 */
export async function rebaseFixes(db: Db, day: Day, model: PinnedModel): Promise<void> {
  for (const pinned of await pinnedTransforms(db, day)) {
    const base = model.transforms[pinned.source_id];
    const source = model.document.sources.find((one) => one.id === pinned.source_id);
    if (base === undefined || !source || base === pinned.base_version) continue;
    const { adjustments = [] } = await transformOf(db, day.clientId, pinned.source_id, pinned.transform_version);
    const rule = { ...transformRule(model.document, source), adjustments };
    const version = adjustments.length === 0 ? null : await storeTransform(db, day.clientId, rule);
    await pinTransform(db, day, { source: source.id, version, base, decisionId: pinned.decision_id });
  }
}
