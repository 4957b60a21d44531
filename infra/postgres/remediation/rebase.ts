import { sql } from 'kysely';
import { storeTransform } from '../../operating-model/store.ts';
import type { Db } from '../connect.ts';
import { type PinnedModel, transformRule } from '../model.ts';
import { transformOf } from '../read/certified-records.ts';
import { pinTransform } from './pin-transform.ts';

type Day = { clientId: string; businessDate: string };
type Pinned = { source_id: string; transform_version: number; base_version: number; decision_id: string };

async function pinnedTransforms(db: Db, { clientId, businessDate }: Day): Promise<Pinned[]> {
  const { rows } = await sql<Pinned>`
    select * from (
      select distinct on (source_id) source_id, transform_version, base_version, decision_id from day_transform
      where client_id = ${clientId} and business_date = ${businessDate} order by source_id, sequence desc
    ) latest where transform_version is not null`.execute(db);
  return rows;
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
