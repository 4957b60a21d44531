import { sql } from 'kysely';
import type { FixChange } from '../../../domain/remediation/fix.ts';
import { storeTransform } from '../../operating-model/store.ts';
import { loadDayModel, type ModelledDay } from '../close/day-model.ts';
import type { Db } from '../connect.ts';
import { loadModel } from '../model.ts';
import { pinTransform } from './pin-transform.ts';
import { rebaseFixes } from './rebase.ts';

/**
 * Lays down what a fix changes of its day, for the attempt that comes after. The preview of a fix and its application
 * both run this, the preview in a transaction that is undone.
 */
export async function layDownFix(db: Db, day: ModelledDay, change: FixChange, decisionId: string): Promise<void> {
  const model = await loadModel(db, day.clientId, day.modelVersion);
  await rebaseFixes(db, day, model);
  const pin = (source: string, version: number | null) =>
    pinTransform(db, day, { source, version, base: model.transforms[source] ?? 1, decisionId });
  switch (change.by) {
    case 'adjusting': {
      const rule = (await loadDayModel(db, day)).rules[change.source]!;
      const adjusted = { ...rule, adjustments: [...(rule.adjustments ?? []), ...change.add] };
      return pin(change.source, await storeTransform(db, day.clientId, adjusted));
    }
    case 'transform':
      return pin(change.source, change.version);
    case 'closing':
      await sql`
        insert into declared_closed_day (client_id, business_date, decision_id)
        values (${day.clientId}, ${day.businessDate}, ${decisionId}) on conflict do nothing`.execute(db);
      return;
    case 'reading':
    case 'accepting':
      return;
  }
}
