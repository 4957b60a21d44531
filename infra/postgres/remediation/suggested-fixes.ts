import { sql } from 'kysely';
import type { Fix, FixPreview, SimulatedFix } from '../../../domain/remediation/fix.ts';
import { contentHash } from '../../operating-model/content-hash.ts';
import type { Db } from '../connect.ts';

/** A fix as it was last simulated. Its ordinal is its own for as long as the exception lives. */
export type SuggestedFix = {
  ordinal: number;
  fix: Fix;
  preview: FixPreview;
  /** Who made it; null where it was found. */
  made_by: string | null;
};
type OfException = { exceptionId: string; clientId: string };

const hashOf = ({ kind, change }: Fix): string => contentHash({ kind, change });

/**
 * Replaces what is suggested for an exception. A fix that was suggested before keeps its ordinal, so that a person who
 * looked earlier means the same one. Must run in a transaction.
 */
export async function storeSuggestedFixes(
  tx: Db,
  exception: OfException,
  simulated: readonly SimulatedFix[],
): Promise<void> {
  const { exceptionId, clientId } = exception;
  await sql`select from exception where exception_id = ${exceptionId} for update`.execute(tx);
  await sql`update suggested_fix set rank = null where exception_id = ${exceptionId}`.execute(tx);
  const rows = simulated.map(({ fix, preview }, rank) => ({ content_hash: hashOf(fix), fix, preview, rank }));
  await sql`
    insert into suggested_fix (exception_id, client_id, ordinal, content_hash, fix, preview, rank)
    select ${exceptionId}, ${clientId},
      (select coalesce(max(ordinal), 0) from suggested_fix where exception_id = ${exceptionId}) + row_number() over (order by r.rank),
      r.content_hash, r.fix, r.preview, r.rank
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(content_hash text, fix jsonb, preview jsonb, rank integer)
    on conflict (exception_id, content_hash) do update set fix = excluded.fix, preview = excluded.preview,
      rank = excluded.rank, simulated_at = now()`.execute(tx);
}

/** What is suggested now, the best first. */
export async function suggestedFixes(db: Db, exceptionId: string): Promise<SuggestedFix[]> {
  const { rows } = await sql<SuggestedFix>`
    select ordinal, fix, preview, made_by from suggested_fix
    where exception_id = ${exceptionId} and rank is not null order by rank`.execute(db);
  return rows;
}

/** `f2` names the fix of ordinal 2. */
export const fixName = (ordinal: number): string => `f${ordinal}`;

/** The fix of that name as it was last simulated; undefined where it is not suggested. */
export async function suggestedFix(db: Db, exceptionId: string, name: string): Promise<SuggestedFix | undefined> {
  return (await suggestedFixes(db, exceptionId)).find((one) => fixName(one.ordinal) === name);
}

/** Fixes that people made for an exception. They stay suggested until it ends. */
export async function fixesMadeByPeople(db: Db, exceptionId: string): Promise<Fix[]> {
  const { rows } = await sql<{ fix: Fix }>`
    select fix from suggested_fix where exception_id = ${exceptionId} and made_by is not null order by ordinal`.execute(
    db,
  );
  return rows.map((row) => row.fix);
}

/** Adds a fix that a person made, behind those that are suggested; the same one again is the same one. */
export async function addMadeFix(
  tx: Db,
  { exceptionId, clientId }: OfException,
  { fix, preview }: Pick<SimulatedFix, 'fix' | 'preview'>,
  madeBy: string,
): Promise<number> {
  await sql`select from exception where exception_id = ${exceptionId} for update`.execute(tx);
  const { rows } = await sql<{ ordinal: number }>`
    insert into suggested_fix (exception_id, client_id, ordinal, content_hash, fix, preview, rank, made_by)
    select ${exceptionId}, ${clientId}, coalesce(max(ordinal), 0) + 1, ${hashOf(fix)}, ${JSON.stringify(fix)},
      ${JSON.stringify(preview)}, coalesce(max(rank), 0) + 1, ${madeBy}
    from suggested_fix where exception_id = ${exceptionId}
    on conflict (exception_id, content_hash) do update set preview = excluded.preview, rank = excluded.rank,
      made_by = excluded.made_by, simulated_at = now()
    returning ordinal`.execute(tx);
  return rows[0]!.ordinal;
}
