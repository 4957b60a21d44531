import { child, type Tree, textOf } from './tree.ts';

/** Keys of which an object has one: the one that is laid on top replaces the other of the base. */
const EXCLUSIVE = [
  ['cases', 'entries'],
  ['sum', 'count', 'ratio'],
];

const idOf = (tree: Tree) => textOf(child(tree, 'id'));

const isListById = (list: readonly Tree[]) => list.every((item) => idOf(item) !== undefined);

/** An id that the top has twice stays twice, for the policy to find. */
function mergeById(base: readonly Tree[], top: readonly Tree[]): readonly Tree[] {
  const over = new Map(base.map((item) => [idOf(item), top.find((other) => idOf(other) === idOf(item))]));
  const kept = base.map((item) => {
    const laid = over.get(idOf(item));
    return laid ? merge(item, laid) : item;
  });
  return [...kept, ...top.filter((item) => over.get(idOf(item)) !== item)];
}

function mergeMaps(base: ReadonlyMap<string, Tree>, top: ReadonlyMap<string, Tree>): ReadonlyMap<string, Tree> {
  const replaced = new Set(EXCLUSIVE.filter((keys) => keys.some((key) => top.has(key))).flat());
  const merged = new Map([...base].filter(([key]) => top.has(key) || !replaced.has(key)));
  for (const [key, value] of top) {
    const below = merged.get(key);
    merged.set(key, below ? merge(below, value) : value);
  }
  return merged;
}

/** Lays one document on another: objects key by key, lists of objects with ids by id, anything else is replaced. */
export function merge(base: Tree, top: Tree): Tree {
  if ('map' in base && 'map' in top) return { origin: top.origin, map: mergeMaps(base.map, top.map) };
  if ('list' in base && 'list' in top && isListById(base.list) && isListById(top.list)) {
    return { origin: top.origin, list: mergeById(base.list, top.list) };
  }
  return top;
}
