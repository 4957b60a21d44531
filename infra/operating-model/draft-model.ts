import type { TransformRule } from '../../domain/normalize/rule.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { transformRule } from '../postgres/model.ts';
import { type Checked, checkOperatingModel } from './check.ts';
import type { FileSet } from './files.ts';

/** A rule for each source, by the source's id. */
export type TransformRules = Readonly<Record<string, TransformRule>>;
export type DraftedModel = (Extract<Checked, { ok: true }> & { readonly rules: TransformRules }) | Refused;
/** Why a document was refused: what is wrong with it, and the files that it names and that were not given. */
export type Refused = Extract<Checked, { ok: false }>;

const rulesOf = (model: OperatingModel): TransformRules =>
  Object.fromEntries(model.sources.map((source) => [source.id, transformRule(model, source)]));

/**
 * A checked document with the rules of its transforms, as it would be applied; nothing is stored.
 * @param files texts by absolute path
 * @param base path of the client's document among them
 * @param today day on which owners must be living, `YYYY-MM-DD`
 */
export function draftModel(files: FileSet, base: string, today: string): DraftedModel {
  const checked = checkOperatingModel(files, base, { date: today });
  return checked.ok ? { ...checked, rules: rulesOf(checked.model) } : checked;
}
