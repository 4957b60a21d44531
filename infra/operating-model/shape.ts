import { compileSchema } from '../../schemas/ajv.ts';
import { clientDocument } from '../../schemas/operating-model.ts';
import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';

const validate = compileSchema(clientDocument);

type Json = Record<string | number, unknown>;
export type Shape = { readonly problems: readonly Problem[]; readonly broken: readonly string[] };

/** Every place in a value whose path is in the set, that can be taken out without moving its neighbours. */
function removeAt(value: unknown, paths: ReadonlySet<string>, steps: Steps = []): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, below] of Object.entries(value)) {
    const at = [...steps, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value) && paths.has(formatPath(at))) delete (value as Json)[key];
    else removeAt(below, paths, at);
  }
}

/** The element of a section that a path leads into (`sources[0]`), or the section itself (`report`). */
const unitOf = (path: string) => /^[^.[]*(\[[0-9]+\])?/.exec(path)?.[0] ?? '';

/** Stores take their zone and currency from the client: where it is broken, so are they. */
function withDependents(broken: readonly string[]): readonly string[] {
  return broken.includes('client') ? [...broken, 'stores'] : broken;
}

/**
 * Validates the shape of a merged document. What is wrong is taken out of it, in place, as far as its parts can do
 * without; parts that cannot are called broken. So the policy can judge the rest, and all problems come at once.
 */
export function checkShape(document: Record<string, unknown>): Shape {
  const problems = validate(document);
  if (problems.length === 0) return { problems, broken: [] };
  removeAt(document, new Set(problems.map(({ path }) => path)));
  const broken = validate(document).map(({ path }) => unitOf(path));
  return { problems, broken: withDependents([...new Set(broken)]) };
}
