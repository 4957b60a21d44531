import { parse } from '@marcbachmann/cel-js';
import { isNode, type Node } from './cel-tree.ts';
import { subschemaAt } from './cel-views.ts';

/** Functions that a text has and a number has not. */
const OF_TEXT = new Set([
  ...['startsWith', 'endsWith', 'contains', 'matches', 'trim', 'size'],
  ...['lowerAscii', 'upperAscii', 'indexOf', 'substring'],
]);

/** A function of text that is called on a field of the record, `row.` before its path. */
export type TextCall = { name: string; field: string };

/** `customer.id` for `row.customer.id`; undefined for whatever is not a plain path into the record. */
function pathInRow(node: Node): string | undefined {
  if (node.op !== '.') return undefined;
  const [below, key] = node.args;
  if (below.op === 'id') return below.args === 'row' ? key : undefined;
  const path = pathInRow(below);
  return path === undefined ? undefined : `${path}.${key}`;
}

function callOn(node: Node, isDecimal: (path: string) => boolean): TextCall | undefined {
  if (node.op !== 'rcall' || !OF_TEXT.has(node.args[0])) return undefined;
  const path = pathInRow(node.args[1]);
  return path !== undefined && isDecimal(path) ? { name: node.args[0], field: `row.${path}` } : undefined;
}

function firstCall(value: unknown, isDecimal: (path: string) => boolean): TextCall | undefined {
  if (Array.isArray(value)) {
    for (const one of value) {
      const call = firstCall(one, isDecimal);
      if (call) return call;
    }
    return undefined;
  }
  return isNode(value) ? (callOn(value, isDecimal) ?? firstCall(value.args, isDecimal)) : undefined;
}

/**
 * The first function of text that a condition calls on a field which the record's schema calls a decimal: conditions
 * see it as a number, so that the call can never be judged. The condition must be one that can be read.
 */
export function textCallOnDecimal(text: string, schema: unknown): TextCall | undefined {
  const isDecimal = (path: string) =>
    (subschemaAt(schema, path) as { format?: unknown } | undefined)?.format === 'decimal';
  return firstCall(parse(text).ast, isDecimal);
}
