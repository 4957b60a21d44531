import { type Document, isMap, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Problem } from '../../schemas/problem.ts';
import { readTree, Unreadable } from './read-tree.ts';
import type { Tree } from './tree.ts';

/** A document this large is a mistake or an attack, not an operating model. */
const MAXIMUM_CHARACTERS = 1_000_000;

export type Parsed = { readonly tree?: Tree; readonly problems: readonly Problem[] };

function unreadable(file: string, found: string, line?: number): Parsed {
  return { problems: [{ path: '', found, expected: 'a YAML or JSON document', file, line }] };
}

const WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'more than one document',
  RESOURCE_EXHAUSTION: 'values nested too deeply',
  TAB_AS_INDENT: 'a tab as indentation, where only spaces may stand',
};

/** A tag asks for a type that the document has not; without a word it would be dropped. */
function syntaxProblems({ errors, warnings }: Document.Parsed, file: string, lines: LineCounter): readonly Problem[] {
  return [...errors, ...warnings].flatMap(
    ({ code, message, pos }) => unreadable(file, WORDS[code] ?? message, lines.linePos(pos[0]).line).problems,
  );
}

/** Parses one YAML (or JSON) file. A file that cannot be read gives problems with the line, and no tree. */
export function parseFile(file: string, text: string): Parsed {
  if (text.length > MAXIMUM_CHARACTERS) return unreadable(file, `${text.length} characters`);
  const lines = new LineCounter();
  try {
    // The library compares every key with every other; keys that come twice are found where the tree is read.
    const document = parseDocument<ParsedNode>(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const problems = syntaxProblems(document, file, lines);
    if (problems.length > 0) return { problems };
    if (!isMap(document.contents) && !isSeq(document.contents)) return unreadable(file, 'no keys', 1);
    return { tree: readTree(document.contents, file, lines), problems: [] };
  } catch (error) {
    if (error instanceof Unreadable) return unreadable(file, error.message, error.line);
    if (error instanceof RangeError) return unreadable(file, 'values nested too deeply, or an alias inside itself');
    throw error;
  }
}
