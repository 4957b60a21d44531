import { checkEffectiveFrom } from '../../domain/policy.ts';
import type { Problem } from '../../schemas/problem.ts';
import { appendAudit } from '../postgres/audit.ts';
import type { Db } from '../postgres/connect.ts';
import { notedSecretVariables } from '../postgres/installation/worker-environment.ts';
import { secretVariable } from '../webhook/secrets.ts';
import { contentHash } from './content-hash.ts';
import { type DraftedModel, draftModel } from './draft-model.ts';
import type { FileSet } from './files.ts';
import { type KnownSecrets, missingSecrets } from './missing-secrets.ts';
import { pointAt } from './origins.ts';
import { insertVersion, latestVersion, lockClient, storeTransforms } from './store.ts';

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
  /**
   * Whether a secret is set here; asked before any worker has said what it has. Where nobody can say, nothing is said.
   */
  isSecretSet?(ref: string): boolean;
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

/** Who says which secrets are set: the workers, who need them; before any has said so, whoever applies the document. */
async function secretsSet(tx: Db, { isSecretSet }: ApplyInput): Promise<KnownSecrets | null> {
  const noted = await notedSecretVariables(tx);
  if (noted) return { where: 'where the workers run', isSet: (ref) => noted.has(secretVariable(ref)) };
  return isSecretSet ? { where: 'here', isSet: isSecretSet } : null;
}

/** What the document says soundly and to no effect. */
async function warningsOf(tx: Db, input: ApplyInput, { model, origins, warnings }: Accepted): Promise<Problem[]> {
  const secrets = await secretsSet(tx, input);
  return [...warnings, ...(secrets ? pointAt(missingSecrets(model, secrets), origins) : [])];
}

async function applyDrafted(tx: Db, input: ApplyInput, drafted: Accepted): Promise<Applied | NotApplied> {
  const { model, origins } = drafted;
  const client = model.client.id;
  const warnings = await warningsOf(tx, input, drafted);
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
