import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import type { Origin, Tree } from './tree.ts';

/** Where each part of a document was written, by its path. A part that is not listed was written where its parent was. */
export type Origins = Record<string, Origin>;

/** A record schema is one thing: where its parts were written, the schema was. */
const OPAQUE = 'schema';

export function originsOf(tree: Tree): Origins {
  const origins: Origins = {};
  const visit = (part: Tree, steps: Steps) => {
    origins[formatPath(steps)] = part.origin;
    if (steps.at(-1) === OPAQUE) return;
    if ('map' in part) for (const [key, value] of part.map) visit(value, [...steps, key]);
    if ('list' in part) for (const [index, value] of part.list.entries()) visit(value, [...steps, index]);
  };
  visit(tree, []);
  return origins;
}

/** The path of the parent, by the text of a path; undefined above the root. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0);
  return path.slice(0, cut);
}

/** Where a part of a document was written; what was never written points at what it is missing from. */
export function originAt(path: string, origins: Origins): Origin | undefined {
  for (let at: string | undefined = path; at !== undefined; at = parentOf(at)) {
    if (Object.hasOwn(origins, at)) return origins[at];
  }
  return undefined;
}

/** Gives problems the file and the line that they are about. */
export const pointAt = (problems: readonly Problem[], origins: Origins): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, ...originAt(problem.path, origins) }));
