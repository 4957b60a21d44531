import { sql } from 'kysely';
import type { FixChange } from '../../../domain/remediation/fix.ts';
import { storeTransform } from '../../operating-model/store.ts';
import { loadDayModel, type ModelledDay } from '../close/day-model.ts';
import type { Db } from '../connect.ts';

async function pinTransform(
  db: Db,
  { clientId, businessDate }: ModelledDay,
  source: string,
  version: number | null,
  decisionId: string,
): Promise<void> {
  await sql`
    insert into day_transform (client_id, business_date, source_id, sequence, transform_version, decision_id)
    select ${clientId}, ${businessDate}, ${source}, coalesce(max(sequence), 0) + 1, ${version}, ${decisionId}
    from day_transform where client_id = ${clientId} and business_date = ${businessDate} and source_id = ${source}`.execute(
    db,
  );
}

/**
 * Lays down what a fix changes of its day, for the attempt that comes after. The preview of a fix and its application
 * both run this, the preview in a transaction that is undone.
 */
export async function layDownFix(db: Db, day: ModelledDay, change: FixChange, decisionId: string): Promise<void> {
  switch (change.by) {
    case 'adjusting': {
      const rule = (await loadDayModel(db, day)).rules[change.source]!;
      const adjusted = { ...rule, adjustments: [...(rule.adjustments ?? []), ...change.add] };
      const version = await storeTransform(db, day.clientId, adjusted);
      return pinTransform(db, day, change.source, version, decisionId);
    }
    case 'transform':
      return pinTransform(db, day, change.source, change.version, decisionId);
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
