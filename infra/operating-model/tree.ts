import type { Steps } from '../../schemas/path.ts';

/** Where a part of a resolved document was written. `line` counts from 1. */
export type Origin = { readonly file: string; readonly line: number };

/** A value that remembers where it was written, so that merged documents can still point at a file and a line. */
export type Tree =
  | { readonly origin: Origin; readonly scalar: unknown }
  | { readonly origin: Origin; readonly list: readonly Tree[] }
  | { readonly origin: Origin; readonly map: ReadonlyMap<string, Tree> };

export const child = (tree: Tree | undefined, key: string): Tree | undefined =>
  tree && 'map' in tree ? tree.map.get(key) : undefined;

export const items = (tree: Tree | undefined): readonly Tree[] => (tree && 'list' in tree ? tree.list : []);

export const textOf = (tree: Tree | undefined): string | undefined =>
  tree && 'scalar' in tree && typeof tree.scalar === 'string' ? tree.scalar : undefined;

/** The same map with one key set, or removed where the value is undefined. */
export function withKey(tree: Tree, key: string, value: Tree | undefined): Tree {
  if (!('map' in tree)) return tree;
  const map = new Map(tree.map);
  if (value) map.set(key, value);
  else map.delete(key);
  return { origin: tree.origin, map };
}

type Change = (found: Tree, steps: Steps) => Tree;

/** The same tree with the value at a path of keys changed; `*` is every element of a list. A path that is not there changes nothing. */
export function mapAt(tree: Tree, keys: readonly string[], change: Change, steps: Steps = []): Tree {
  const [key, ...rest] = keys;
  if (key === undefined) return change(tree, steps);
  if (key === '*') {
    if (!('list' in tree)) return tree;
    const list = tree.list.map((item, index) => mapAt(item, rest, change, [...steps, index]));
    return { origin: tree.origin, list };
  }
  const found = child(tree, key);
  return found ? withKey(tree, key, mapAt(found, rest, change, [...steps, key])) : tree;
}

export function plain(tree: Tree): unknown {
  if ('scalar' in tree) return tree.scalar;
  if ('list' in tree) return tree.list.map(plain);
  return Object.fromEntries([...tree.map].map(([key, value]) => [key, plain(value)]));
}
