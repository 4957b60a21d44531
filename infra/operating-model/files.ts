import { posix } from 'node:path';
import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type Parsed, parseFile } from './parse.ts';
import { mapAt, type Tree, textOf } from './tree.ts';

/** The texts of the documents that an operating model is made of, by absolute path. */
export type FileSet = Readonly<Record<string, string>>;

/** Reads from a file set, and never from anywhere else; remembers what was asked for and is not there. */
export type Shelf = {
  readonly take: (file: string) => Parsed | undefined;
  readonly taken: Set<string>;
  readonly missing: Set<string>;
};

export function shelfOf(files: FileSet): Shelf {
  const parsed = new Map<string, Parsed>();
  const taken = new Set<string>();
  const missing = new Set<string>();
  const take = (file: string): Parsed | undefined => {
    const text = Object.hasOwn(files, file) ? files[file] : undefined;
    if (text === undefined) {
      missing.add(file);
      return undefined;
    }
    taken.add(file);
    if (!parsed.has(file)) parsed.set(file, parseFile(file, text));
    return parsed.get(file);
  };
  return { take, taken, missing };
}

/** A path in a document is relative to the document that states it. */
export const absolute = (from: string, path: string): string => posix.resolve(posix.dirname(from), path);

const absoluteText = (tree: Tree): Tree => {
  const path = textOf(tree);
  return path === undefined ? tree : { origin: tree.origin, scalar: absolute(tree.origin.file, path) };
};

const LOCATIONS = [
  ['sources', '*', 'options', 'location'],
  ['controls', '*', 'options', 'location'],
  ['report', 'destinations', '*', 'location'],
];
const SCHEMAS = [
  ['sources', '*', 'schema'],
  ['handoffs', '*', 'schema'],
];

type Opened = { readonly tree?: Tree; readonly problems: readonly Problem[] };

/** Opens the file that a value names; where it is not among the files, the problem points at the value. */
export function openNamed(shelf: Shelf, path: string, named: Tree): Opened {
  const name = textOf(named);
  if (name === undefined) {
    const found = 'map' in named || 'list' in named ? 'no text' : JSON.stringify(named.scalar);
    return { problems: [{ path, found, expected: 'the path of a file', ...named.origin }] };
  }
  const file = absolute(named.origin.file, name);
  const found = shelf.take(file);
  if (found) return found;
  return {
    problems: [{ path, found: `"${name}", and there is no ${file}`, expected: 'the path of a file', ...named.origin }],
  };
}

/** Replaces the paths of schema files by what stands in them. */
function inlineSchemas(tree: Tree, shelf: Shelf): { tree: Tree; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const inline = (found: Tree, steps: Steps) => {
    if (textOf(found) === undefined) return found;
    const opened = openNamed(shelf, formatPath(steps), found);
    problems.push(...opened.problems);
    return opened.tree ?? found;
  };
  const inlined = SCHEMAS.reduce((whole, keys) => mapAt(whole, keys, inline), tree);
  return { tree: inlined, problems };
}

/** A document that no longer depends on where it lies: locations are absolute, schema files are inlined. */
export function localize(tree: Tree, shelf: Shelf): { tree: Tree; problems: readonly Problem[] } {
  const located = LOCATIONS.reduce((whole, keys) => mapAt(whole, keys, absoluteText), tree);
  return inlineSchemas(located, shelf);
}
