import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { exactOrNull } from '../../../domain/money.ts';
import type { PeriodNumber } from '../../../domain/period/numbers.ts';
import type { Db } from '../connect.ts';
import { lockedNumbers } from './numbers.ts';

/** Names the content of a month's numbers, however a document prints them. */
export function contentHash(numbers: readonly PeriodNumber[]): string {
  const lines = numbers.map((one) =>
    JSON.stringify([
      one.storeId,
      one.metric,
      one.definition,
      one.currency,
      one.days,
      exactOrNull(one.daysMicros),
      exactOrNull(one.adjustmentMicros),
      exactOrNull(one.valueMicros),
    ]),
  );
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

type LockedRow = { month: string; lock: number; content_hash: string; audit_sequence: bigint; noted: string | null };

/** Months whose locked numbers are not those that the audit trail says were locked, each with the place in it. */
export async function changedLocks(db: Db, clientId: string): Promise<{ sequence: bigint; problem: string }[]> {
  const { rows } = await sql<LockedRow>`
    select l.month, l.lock, l.content_hash, l.audit_sequence, e.record::jsonb->'detail'->>'contentHash' as noted
    from period_lock l left join audit_event e on e.client_id = l.client_id and e.sequence = l.audit_sequence
    where l.client_id = ${clientId} order by l.month, l.lock`.execute(db);
  const changed: { sequence: bigint; problem: string }[] = [];
  for (const { month, lock, content_hash: kept, audit_sequence: sequence, noted } of rows) {
    const now = contentHash(await lockedNumbers(db, clientId, month, lock));
    if (now !== kept || noted !== kept)
      changed.push({ sequence, problem: `the numbers of ${month} are not those that were locked with this event` });
  }
  return changed;
}
