import { type Alias, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type YAMLMap } from 'yaml';
import type { Tree } from './tree.ts';

/** Aliases multiply: a small text may stand for more values than memory holds. */
const MAXIMUM_VALUES = 100_000;

/** Something that YAML allows and a document of ours may not have. */
export class Unreadable extends Error {
  readonly line: number;

  constructor(found: string, line: number) {
    super(found);
    this.line = line;
  }
}

type Reading = {
  readonly file: string;
  readonly lineOf: (node: Node) => number;
  readonly anchors: Map<string, Node>;
  readonly budget: { values: number };
  /** Inside what an alias stands for: anchors in there have been met before. */
  readonly insideAlias: boolean;
};

function keyOf(key: unknown, { lineOf }: Reading, map: Node): string {
  if (!isScalar(key)) throw new Unreadable('a key that is not text', lineOf(map));
  const text = String(key.value);
  if (text === '__proto__') throw new Unreadable('the key __proto__', lineOf(key));
  return text;
}

function mapOf(node: YAMLMap, reading: Reading): ReadonlyMap<string, Tree> {
  const map = new Map<string, Tree>();
  for (const { key, value } of node.items) {
    const name = keyOf(key, reading, node);
    if (map.has(name)) throw new Unreadable(`the key ${name}, which is there already`, reading.lineOf(key as Node));
    map.set(name, treeOf(value as Node | null, reading, key as Node));
  }
  return map;
}

/** What an alias stands for: the last anchor of that name before it. */
function followed(alias: Alias, reading: Reading): Tree {
  const target = reading.anchors.get(alias.source);
  const line = reading.lineOf(alias);
  if (!target) throw new Unreadable(`the alias *${alias.source}, and no anchor of that name before it`, line);
  return treeOf(target, { ...reading, insideAlias: true }, alias);
}

/** What JSON and Postgres can hold: no infinite number, no zero character, no half of a character. */
function scalarOf(value: unknown, line: number): unknown {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw new Unreadable('text with a character that cannot be stored', line);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Unreadable(`the number ${value}`, line);
  return value;
}

/** @param fallback where to point for an empty value, which has no place of its own */
function treeOf(node: Node | null, reading: Reading, fallback: Node): Tree {
  const line = reading.lineOf(node ?? fallback);
  if (reading.budget.values-- <= 0) throw new Unreadable(`more than ${MAXIMUM_VALUES} values`, line);
  if (isAlias(node)) return followed(node, reading);
  if (node?.anchor && !reading.insideAlias) reading.anchors.set(node.anchor, node);
  const origin = { file: reading.file, line };
  if (isMap(node)) return { origin, map: mapOf(node, reading) };
  if (isSeq(node)) return { origin, list: node.items.map((item) => treeOf(item as Node | null, reading, node)) };
  return { origin, scalar: isScalar(node) ? scalarOf(node.value, line) : null };
}

/**
 * Turns a parsed YAML document into values that know their file and line; aliases are written out.
 * @throws Unreadable for what may not stand in a document; RangeError where it is nested too deeply
 */
export function readTree(contents: Node, file: string, lines: LineCounter): Tree {
  const lineOf = (node: Node) => (node.range ? lines.linePos(node.range[0]).line : 1);
  const budget = { values: MAXIMUM_VALUES };
  return treeOf(contents, { file, lineOf, anchors: new Map(), budget, insideAlias: false }, contents);
}
