import { checkEffectiveFrom } from '../../domain/policy.ts';
import type { Problem } from '../../schemas/problem.ts';
import { appendAudit } from '../postgres/audit.ts';
import type { Db } from '../postgres/connect.ts';
import { notedSecretVariables } from '../postgres/installation/worker-environment.ts';
import { contentHash } from './content-hash.ts';
import { type DraftedModel, draftModel } from './draft-model.ts';
import type { FileSet } from './files.ts';
import { pointAt } from './origins.ts';
import { insertVersion, latestVersion, lockClient, storeTransforms } from './store.ts';
import { unsetSecrets } from './unset-secrets.ts';

export type ApplyInput = {
  /** Key of the audit chain. */
  auditKey: Buffer;
  /** Texts by absolute path. */
  files: FileSet;
  /** Path of the client's document among them. */
  base: string;
  /** The authenticated person or service. */
  actor: string;
  onBehalfOf?: string;
  /** Day on which owners must be living, `YYYY-MM-DD`. */
  today: string;
};
/** `warnings` are there where there are any. */
export type Applied = { client: string; version: number; changed: boolean; warnings?: Problem[] };
export type NotApplied = { problems: readonly Problem[]; missing: readonly string[] };
type Accepted = Extract<DraftedModel, { ok: true }>;

async function storeVersion(
  tx: Db,
  input: ApplyInput,
  drafted: Accepted,
  version: number,
  hash: string,
): Promise<void> {
  const { model, origins, files, rules } = drafted;
  const transforms = await storeTransforms(tx, model.client.id, rules);
  await insertVersion(tx, { version, model, origins, files, transforms, hash, appliedBy: input.actor });
  await appendAudit(tx, input.auditKey, {
    clientId: model.client.id,
    actor: input.actor,
    onBehalfOf: input.onBehalfOf,
    action: 'operating_model.applied',
    subject: `${model.client.id}@${version}`,
    detail: {
      version,
      contentHash: hash,
      effectiveFrom: model.effectiveFrom ?? null,
      transforms,
      files: Object.keys(files),
    },
  });
}

/** What the document says soundly and to no effect: by itself, or where the workers run. */
async function warningsOf(tx: Db, { model, origins, warnings }: Accepted): Promise<Problem[]> {
  const known = await notedSecretVariables(tx);
  return [...warnings, ...(known ? pointAt(unsetSecrets(model, known), origins) : [])];
}

async function applyDrafted(tx: Db, input: ApplyInput, drafted: Accepted): Promise<Applied | NotApplied> {
  const { model, origins } = drafted;
  const client = model.client.id;
  const warnings = await warningsOf(tx, drafted);
  const warned = warnings.length > 0 && { warnings };
  await lockClient(tx, model.client);
  const latest = await latestVersion(tx, client);
  const hash = contentHash(model);
  if (latest?.content_hash === hash) return { client, version: latest.version, changed: false, ...warned };
  const version = (latest?.version ?? 0) + 1;
  const problems = pointAt(checkEffectiveFrom(model, version), origins);
  if (problems.length > 0) return { problems, missing: [] };
  await storeVersion(tx, input, drafted, version, hash);
  return { client, version, changed: true, ...warned };
}

/**
 * Makes a document the next version of its client's operating model. One that says what the latest version says makes
 * no new one. A document that is refused changes nothing; all its problems come at once.
 * @param db a database, or the transaction that this is part of: the audit row is then its last statement
 */
export async function applyOperatingModel(db: Db, input: ApplyInput): Promise<Applied | NotApplied> {
  const drafted = draftModel(input.files, input.base, input.today);
  if (!drafted.ok) return { problems: drafted.problems, missing: drafted.missing };
  if (db.isTransaction) return applyDrafted(db, input, drafted);
  return db.transaction().execute((tx) => applyDrafted(tx, input, drafted));
}
