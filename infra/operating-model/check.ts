import { checkPolicy, findIdle, type PolicyContext } from '../../domain/policy.ts';
import { compileSchema } from '../../schemas/ajv.ts';
import { type OperatingModel, resolvedDocument } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import type { FileSet } from './files.ts';
import { type Origins, pointAt } from './origins.ts';
import { type Resolution, resolveOperatingModel } from './resolve.ts';

export type Checked =
  | {
      readonly ok: true;
      /** The resolved document. */
      readonly model: OperatingModel;
      /** Where each part of it came from. */
      readonly origins: Origins;
      /** The texts that it was made of, by absolute path. */
      readonly files: FileSet;
      /** What is sound and does nothing; the document is accepted all the same. */
      readonly warnings: readonly Problem[];
    }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** Files that are named and were not given. */
      readonly missing: readonly string[];
    };

const validateResolved = compileSchema(resolvedDocument);

/** A part of the wrong shape has its problem; that it is now absent as well is no news. */
function withoutEchoes(policy: readonly Problem[], earlier: readonly Problem[]): readonly Problem[] {
  const said = new Set(earlier.map(({ path }) => path));
  return policy.filter(({ path }) => !said.has(path));
}

/** What a file of the agency has wrong is wrong in the document as well. */
function once(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify([one.path, one.found, one.file, one.line]), one])).values()];
}

function accept(resolution: Resolution, given: FileSet): Checked {
  const model = resolution.draft as unknown as OperatingModel;
  const gaps = validateResolved(model);
  if (gaps.length > 0) {
    throw new Error(
      `A document that passed the policy is not complete: ${JSON.stringify(gaps)}. This is a bug of Meshline.`,
    );
  }
  const files = Object.fromEntries(resolution.files.map((file) => [file, given[file] ?? '']));
  const { origins } = resolution;
  return { ok: true, model, origins, files, warnings: pointAt(findIdle(model), origins) };
}

/**
 * Resolves a client's document and checks its shape and the policy. All problems come at once, each with its path in
 * the resolved document, and the file and line that it was written in. Pure: nothing is read but the given texts.
 * @param given texts by absolute path
 * @param base path of the client's document among them
 */
export function checkOperatingModel(given: FileSet, base: string, context: Omit<PolicyContext, 'broken'>): Checked {
  const resolution = resolveOperatingModel(given, base);
  const { draft, problems, origins, broken, missing } = resolution;
  const policy = draft ? pointAt(checkPolicy(draft, { ...context, broken }), origins) : [];
  const all = once([...problems, ...withoutEchoes(policy, problems)]);
  return all.length === 0 ? accept(resolution, given) : { ok: false, problems: all, missing };
}
