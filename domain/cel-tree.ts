import type { ASTNode } from '@marcbachmann/cel-js';

/** A node of a condition's tree. */
export type Node = ASTNode;
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'op' in value;

/** The nodes right below what a node holds. */
export function childrenOf(value: unknown): readonly Node[] {
  if (isNode(value)) return [value];
  return Array.isArray(value) ? value.flatMap(childrenOf) : [];
}

/** A fact that a condition asks for: `event.metric` is the fact `metric` of `event`. */
export type AskedFact = { variable: string; fact: string };

/** The text that a node is; undefined for any other node. */
export const textOf = (node: Node | undefined): string | undefined =>
  node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;

/** The fact that a node is, written `event.metric` or `event["metric"]`; undefined for any other node. */
export function factOf(node: Node): AskedFact | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [of, key] = node.args as [Node, string | Node];
  const fact = typeof key === 'string' ? key : textOf(key);
  return of.op === 'id' && fact !== undefined ? { variable: of.args as string, fact } : undefined;
}

/** Every fact that a condition asks for, in the order in which it does. */
export function askedFacts(node: Node): readonly AskedFact[] {
  const own = factOf(node);
  return own ? [own] : childrenOf(node.args).flatMap(askedFacts);
}

/** The variables that a condition speaks of. */
export function variablesOf(node: Node): ReadonlySet<string> {
  if (node.op === 'id') return new Set([node.args as string]);
  return new Set(childrenOf(node.args).flatMap((below) => [...variablesOf(below)]));
}

/** Whether a condition looks at a variable otherwise than at one of its facts by name: as a whole, say. */
export function looksAtWhole(node: Node, variable: string): boolean {
  if (node.op === 'id') return node.args === variable;
  return factOf(node) === undefined && childrenOf(node.args).some((below) => looksAtWhole(below, variable));
}
