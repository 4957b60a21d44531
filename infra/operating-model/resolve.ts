import { type DraftModel, resolvedDocument } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import { Draft } from './draft.ts';
import { expand } from './expand.ts';
import { type FileSet, shelfOf } from './files.ts';
import { type Layers, readLayers } from './layers.ts';
import { type Origins, originsOf, pointAt } from './origins.ts';
import { checkShape } from './shape.ts';
import { plain } from './tree.ts';

/** What became of a document. `draft` is there once the documents could be read and laid on each other. */
export type Resolution = {
  readonly draft?: DraftModel;
  readonly origins: Origins;
  readonly problems: readonly Problem[];
  /** Sections and elements of a wrong shape, which the policy does not look into. */
  readonly broken: readonly string[];
  /** Files that are named and were not given; with them, resolving again may get further. */
  readonly missing: readonly string[];
  /** Files that the document is made of. */
  readonly files: readonly string[];
};

/** The sections in the order of the reference, whatever order they were written in. */
function inOrder(value: Record<string, unknown>): Record<string, unknown> {
  const known = Object.keys(resolvedDocument.properties).filter((key) => value[key] !== undefined);
  return { ...Object.fromEntries(known.map((key) => [key, value[key]])), ...value };
}

function unreadable({ tree, problems }: Layers): Omit<Resolution, 'missing' | 'files'> {
  const wrong = tree ? [{ path: '', found: 'no keys', expected: 'the document of a client', ...tree.origin }] : [];
  return { origins: {}, problems: [...problems, ...wrong], broken: [] };
}

function complete(layers: Layers): Omit<Resolution, 'missing' | 'files'> {
  if (layers.incomplete) return { origins: {}, problems: layers.problems, broken: [] };
  if (!layers.tree || !('map' in layers.tree)) return unreadable(layers);
  const draft = new Draft(plain(layers.tree) as Record<string, unknown>, originsOf(layers.tree));
  const shape = checkShape(draft.value);
  const wrong = pointAt(shape.problems, draft.origins);
  expand(draft);
  if (layers.organisation) draft.value.agency = plain(layers.organisation);
  const problems = [...layers.problems, ...wrong, ...pointAt(draft.problems, draft.origins)];
  return {
    draft: inOrder(draft.value) as unknown as DraftModel,
    origins: draft.origins,
    problems,
    broken: shape.broken,
  };
}

/**
 * Resolves a client's document: `agency`, `extends` and schema files are read from the given texts and from nowhere
 * else, laid on each other, and completed. Pure: the same texts give the same document.
 * @param files texts by absolute path
 * @param base path of the client's document among them
 */
export function resolveOperatingModel(files: FileSet, base: string): Resolution {
  const shelf = shelfOf(files);
  const resolved = complete(readLayers(base, shelf));
  return { ...resolved, missing: [...shelf.missing], files: [...shelf.taken] };
}
