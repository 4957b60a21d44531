import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '../../schemas/problem.ts';
import type { Tree } from './tree.ts';

/** A document this large is a mistake or an attack (aliases that multiply), not an operating model. */
const MAXIMUM_NODES = 100_000;
const MAXIMUM_CHARACTERS = 1_000_000;

export type Parsed = { readonly tree?: Tree; readonly problems: readonly Problem[] };

class Unreadable extends Error {}

type Reading = { file: string; lines: LineCounter; nodesLeft: number; resolveAlias: (node: Node) => Node | undefined };

const lineOf = (node: Node, { lines }: Reading) => (node.range ? lines.linePos(node.range[0]).line : 1);

function toMap(node: YAMLMap, reading: Reading): ReadonlyMap<string, Tree> {
  return new Map(
    node.items.map(({ key, value }) => {
      if (!isScalar(key)) throw new Unreadable('a key that is not text');
      return [String(key.value), toTree(value as Node | null, reading, key)];
    }),
  );
}

/** @param fallback where to point for an empty value, which has no place of its own */
function toTree(node: Node | null, reading: Reading, fallback: Node): Tree {
  if (reading.nodesLeft-- <= 0) throw new Unreadable(`more than ${MAXIMUM_NODES} values`);
  const origin = { file: reading.file, line: lineOf(node ?? fallback, reading) };
  if (isAlias(node)) {
    const target = reading.resolveAlias(node);
    if (!target) throw new Unreadable(`the alias *${node.source}, which names nothing`);
    return toTree(target, reading, node);
  }
  if (isMap(node)) return { origin, map: toMap(node, reading) };
  if (isSeq(node)) return { origin, list: node.items.map((item) => toTree(item as Node | null, reading, node)) };
  return { origin, scalar: isScalar(node) ? node.value : null };
}

const unreadable = (file: string, found: string, line?: number): Parsed => ({
  problems: [{ path: '', found, expected: 'a YAML or JSON document', file, line }],
});

/** Parses one YAML (or JSON) file. A file that cannot be read gives problems with the line, and no tree. */
export function parseFile(file: string, text: string): Parsed {
  if (text.length > MAXIMUM_CHARACTERS) return unreadable(file, `${text.length} characters`);
  const lines = new LineCounter();
  try {
    const document = parseDocument<ParsedNode>(text, { lineCounter: lines, prettyErrors: false });
    const problems = document.errors.flatMap(
      (error) => unreadable(file, error.message, lines.linePos(error.pos[0]).line).problems,
    );
    if (problems.length > 0) return { problems };
    if (!document.contents) return unreadable(file, 'an empty file', 1);
    const resolveAlias = (node: Node) => (isAlias(node) ? node.resolve(document) : undefined);
    const reading = { file, lines, nodesLeft: MAXIMUM_NODES, resolveAlias };
    return { tree: toTree(document.contents, reading, document.contents), problems: [] };
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(file, error.message);
    if (error instanceof RangeError) return unreadable(file, 'values nested too deeply, or an alias inside itself');
    throw error;
  }
}
