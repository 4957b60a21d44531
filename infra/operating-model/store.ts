import { sql } from 'kysely';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Db } from '../postgres/connect.ts';
import { contentHash } from './content-hash.ts';
import type { TransformRules } from './draft-model.ts';
import type { FileSet } from './files.ts';
import type { Origins } from './origins.ts';

/** Makes the client's row where there is none and locks it until commit: applies of one client come one after the other. */
export async function lockClient(tx: Db, { id, name }: OperatingModel['client']): Promise<void> {
  await sql`insert into client (client_id, name) values (${id}, ${name}) on conflict do nothing`.execute(tx);
  await sql`select from client where client_id = ${id} for update`.execute(tx);
}

export type LatestVersion = { version: number; content_hash: string };

export async function latestVersion(db: Db, clientId: string): Promise<LatestVersion | undefined> {
  const { rows } = await sql<LatestVersion>`
    select version, content_hash from operating_model
    where client_id = ${clientId} order by version desc limit 1`.execute(db);
  return rows[0];
}

type TransformState = { latest: number; same: number | null };

async function transformState(db: Db, clientId: string, id: string, hash: string): Promise<TransformState> {
  const { rows } = await sql<TransformState>`
    select coalesce(max(version), 0) as latest, max(version) filter (where content_hash = ${hash}) as same
    from transform_version where client_id = ${clientId} and transform_id = ${id}`.execute(db);
  return rows[0]!;
}

export async function storeTransform(tx: Db, clientId: string, rule: TransformRule): Promise<number> {
  const hash = contentHash(rule);
  const { latest, same } = await transformState(tx, clientId, rule.sourceId, hash);
  if (same !== null) return same;
  await sql`
    insert into transform_version (client_id, transform_id, version, rule, content_hash)
    values (${clientId}, ${rule.sourceId}, ${latest + 1}, ${JSON.stringify(rule)}, ${hash})`.execute(tx);
  return latest + 1;
}

/**
 * Stores the rules that are new, and says which version each source's rule has. A rule that was in force before keeps
 * the version that it had.
 */
export async function storeTransforms(
  tx: Db,
  clientId: string,
  rules: TransformRules,
): Promise<Record<string, number>> {
  const versions: Record<string, number> = {};
  for (const [id, rule] of Object.entries(rules)) versions[id] = await storeTransform(tx, clientId, rule);
  return versions;
}

/** The versions that rules would get if they were applied now; nothing is stored. */
export async function transformVersions(
  db: Db,
  clientId: string,
  rules: TransformRules,
): Promise<Record<string, number>> {
  const versions: Record<string, number> = {};
  for (const [id, rule] of Object.entries(rules)) {
    const { latest, same } = await transformState(db, clientId, id, contentHash(rule));
    versions[id] = same ?? latest + 1;
  }
  return versions;
}

export type NewVersion = {
  version: number;
  model: OperatingModel;
  origins: Origins;
  files: FileSet;
  transforms: Readonly<Record<string, number>>;
  hash: string;
  appliedBy: string;
};

export async function insertVersion(
  tx: Db,
  { model, origins, files, transforms, ...stored }: NewVersion,
): Promise<void> {
  const { id, name } = model.client;
  await sql`update client set name = ${name} where client_id = ${id} and name <> ${name}`.execute(tx);
  await sql`
    insert into operating_model
      (client_id, version, document, origins, files, transforms, content_hash, effective_from, applied_by)
    values (${id}, ${stored.version}, ${JSON.stringify(model)}, ${JSON.stringify(origins)},
      ${JSON.stringify(files)}, ${JSON.stringify(transforms)}, ${stored.hash}, ${model.effectiveFrom ?? null},
      ${stored.appliedBy})`.execute(tx);
}
