import { sql } from 'kysely';
import type { RecordError } from '../../../domain/normalize/entry.ts';
import type { FixChange } from '../../../domain/remediation/fix.ts';
import type { Db } from '../../postgres/connect.ts';

type Refused = { business_key: string; errors: readonly RecordError[] };

const editedBy = (change: FixChange): string[] =>
  change.by === 'adjusting' ? change.add.flatMap((one) => (one.kind === 'patch_record' ? [one.record] : [])) : [];

/**
 * What is wrong with the records that a fix edits, as quarantine says it once the fix is laid over them; of several
 * records each problem names its own.
 */
export async function problemsOfEdits(tried: Db, change: FixChange): Promise<RecordError[]> {
  const edited = editedBy(change);
  if (edited.length === 0) return [];
  const { rows } = await sql<Refused>`
    select r.business_key, q.errors from quarantine q join raw_event r using (raw_event_id)
    where q.raw_event_id = any(${edited}::bigint[]) and q.released_at is null order by q.raw_event_id`.execute(tried);
  const placed = (key: string, path: string) => (edited.length === 1 ? path : [key, path].filter(Boolean).join(': '));
  return rows.flatMap(({ business_key: key, errors }) =>
    errors.map((one) => ({ ...one, path: placed(key, one.path) })),
  );
}
