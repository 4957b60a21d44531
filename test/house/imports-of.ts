import { posix } from 'node:path';
import { parseSync } from '@swc/core';

/** One import of a file. `target` is a path from the root of the project, or a package as it is written. */
export type Import = { target: string; isOurs: boolean; typesOnly: boolean };

type Node = Readonly<Record<string, unknown>>;
type Named = { specifier: string; typesOnly: boolean };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | null =>
  isNode(value) && typeof value.value === 'string' ? value.value : null;

/** `import { type A }` leaves nothing behind either, as long as every name of it is a type. */
function namesTypesOnly(node: Node): boolean {
  if (node.typeOnly === true) return true;
  const names = Array.isArray(node.specifiers) ? (node.specifiers as Node[]) : [];
  return names.length > 0 && names.every((name) => name.isTypeOnly === true);
}

function dynamicImport(node: Node): Named[] {
  const callee = isNode(node.callee) ? node.callee.type : null;
  const [first] = Array.isArray(node.arguments) ? (node.arguments as Node[]) : [];
  const specifier = callee === 'Import' ? textOf(first?.expression) : null;
  return specifier === null ? [] : [{ specifier, typesOnly: false }];
}

function namedBy(node: Node): Named[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = textOf(node.source);
      return specifier === null ? [] : [{ specifier, typesOnly: namesTypesOnly(node) }];
    }
    case 'TsImportType':
      return [{ specifier: textOf(node.argument) ?? '', typesOnly: true }];
    case 'CallExpression':
      return dynamicImport(node);
    default:
      return [];
  }
}

function* walk(value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  if (typeof value.type === 'string') yield value;
  for (const below of Object.values(value)) yield* walk(below);
}

/**
 * Everything that a TypeScript file imports: declarations, re-exports, `import()` and the types of `import('…')`.
 * `file` is its path from the root of the project. Throws where the source cannot be parsed.
 */
export function importsOf(file: string, source: string): Import[] {
  const tree = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('.tsx'), target: 'es2022' });
  return [...walk(tree)].flatMap(namedBy).map(({ specifier, typesOnly }) => {
    const isOurs = specifier.startsWith('.');
    const target = isOurs ? posix.join(posix.dirname(file), specifier) : specifier;
    return { target, isOurs, typesOnly };
  });
}
