import { isDecimal } from '../schemas/formats.ts';
import type { Facts } from './cel.ts';
import { askedFacts, looksAtWhole, type Node } from './cel-tree.ts';

/** Shows facts to a condition, given as its tree: decimals, which are text everywhere else, as numbers. For comparing only. */
export type Views = (condition: Node) => (facts: Facts) => Facts;
type View = (value: unknown) => unknown;
type Json = Readonly<Record<string, unknown>>;

const unchanged = (facts: Facts): Facts => facts;
export const AS_THEY_ARE: Views = () => unchanged;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const same: View = (value) => value;
const asNumber: View = (value) => (typeof value === 'string' && isDecimal(value) ? Number(value) : value);

function viewOfObject(properties: Json): View {
  const views = Object.entries(properties)
    .map(([key, schema]) => [key, viewOf(schema)] as const)
    .filter(([, view]) => view !== same);
  if (views.length === 0) return same;
  return (value) => {
    if (!isObject(value)) return value;
    const shown: Record<string, unknown> = { ...value };
    for (const [key, view] of views) if (key in shown) shown[key] = view(shown[key]);
    return shown;
  };
}

function viewOfList(elements: unknown): View {
  const view = viewOf(elements);
  return view === same ? same : (value) => (Array.isArray(value) ? value.map(view) : value);
}

/** A view that copies only where its schema has decimals. Subschemas behind `$ref`, `anyOf` and the like are shown as they are. */
function viewOf(schema: unknown): View {
  if (!isObject(schema)) return same;
  if (schema.format === 'decimal') return asNumber;
  if (isObject(schema.properties)) return viewOfObject(schema.properties);
  return isObject(schema.items) ? viewOfList(schema.items) : same;
}

/** Conditions of one mapping look at one record after the other: each is shown once for all of them. */
function remembering(view: View): View {
  let last: unknown;
  let shown: unknown;
  return (value) => {
    if (value !== last) {
      shown = view(value);
      last = value;
    }
    return shown;
  };
}

/** What a schema says of the field at a path; undefined where it says nothing. */
export const subschemaAt = (schema: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (here, key) => (isObject(here) && isObject(here.properties) ? here.properties[key] : undefined),
      schema,
    );

/**
 * Views of the records of one source. Make them once for a mapping; they remember the record that they showed last,
 * which must not be changed meanwhile.
 */
export function recordViews(schema: unknown): (each?: string) => Views {
  const row = remembering(viewOf(schema));
  return (each) => {
    const list = each === undefined ? undefined : subschemaAt(schema, each);
    const items = isObject(list) ? list.items : undefined;
    const item = viewOf(items);
    const show = (facts: Facts) => ({ row: row(facts.row), item: item(facts.item) });
    return (condition) =>
      needsView(condition, 'row', schema) || needsView(condition, 'item', items) ? show : unchanged;
  };
}

/** Whether a condition can come upon a decimal in what a schema describes. Most do not, and showing costs a copy. */
function needsView(condition: Node, variable: keyof Facts, schema: unknown): boolean {
  if (looksAtWhole(condition, variable)) return true;
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  return askedFacts(condition).some((one) => one.variable === variable && viewOf(properties[one.fact]) !== same);
}

/** Views of an exception or an event: decimals as numbers; what is null is absent, so that a condition over it does not hold. */
export const factViews: Views = () => (facts) =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, isObject(fact) ? withNumbers(fact) : fact]),
  ) as Facts;

const AMOUNTS = new Set([
  'difference',
  'unreconciled',
  'amount',
  'inSuspense',
  'value',
  'previous',
  'change',
  'ours',
  'theirs',
  'share',
]);

const withNumbers = (fact: Json): Json =>
  Object.fromEntries(
    Object.entries(fact)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, AMOUNTS.has(key) ? asNumber(value) : value]),
  );
