import type { Book } from '../../schemas/operating-model/kinds.ts';
import type { Mapping, MappingCase, MappingEntry } from '../../schemas/operating-model/mapping.ts';
import { businessDayClock } from '../business-day.ts';
import { compileCondition } from '../cel.ts';
import { recordViews, type Views } from '../cel-views.ts';
import { fieldText, type Row } from '../fields.ts';
import { compileInstant, zoneOfField } from '../identity.ts';
import { AmountProblem, compileAmount, scopedReader } from './amount.ts';
import type { DraftEntry } from './entry.ts';
import type { TransformRule } from './rule.ts';
import { type AmountsOf, compileShare, type Scope } from './share.ts';

type Entries = (row: Row) => DraftEntry[];
/** One `case` or `entry` of a mapping: what it makes entries of, what they are, and how much. */
type Part = {
  scopes: (row: Row) => readonly Scope[];
  entryOf: (scope: Scope, amountMicros: bigint) => DraftEntry;
  amountsOf: AmountsOf;
  /** The amounts of a share depend on each other. */
  isShare: boolean;
};
type Parts = (row: Row) => readonly Part[];

/** A place that an entry cannot do without and that cannot be read: the field, what it holds, and what it should. */
export class FieldProblem extends Error {
  readonly path: string;
  readonly found: string;
  readonly expected: string;

  constructor(path: string, found: string, expected: string) {
    super(`${path}: ${found}`);
    this.path = path;
    this.found = found;
    this.expected = expected;
  }
}

function compileTime(rule: TransformRule, occurredAt: Mapping['occurredAt']): (scope: Scope) => number {
  const read = scopedReader(occurredAt.field);
  const instantOf = compileInstant(zoneOfField(occurredAt, rule.zones), rule.offsets);
  return ({ row, item }) => {
    const value = read(row, item);
    const instant = instantOf(value);
    if (instant !== null) return instant;
    throw new FieldProblem(occurredAt.field, fieldText(value) ?? 'absent', 'a date and time');
  };
}

/** Longer than any shop's; an index could not hold it. */
const LONGEST_ORDER = 500;

function compileOrder(path: string | undefined): (scope: Scope) => string | null {
  if (!path) return () => null;
  const read = scopedReader(path);
  return ({ row, item }) => {
    const order = fieldText(read(row, item));
    if (order === null || order.length <= LONGEST_ORDER) return order;
    throw new FieldProblem(path, `${order.length} characters`, `an id of at most ${LONGEST_ORDER} characters`);
  };
}

function compileEntry(rule: TransformRule, part: MappingCase & MappingEntry): Part['entryOf'] {
  const { mapping } = rule;
  const timeOf = compileTime(rule, part.occurredAt ?? mapping.occurredAt);
  const dayOf = businessDayClock(rule.zones.store, rule.cutOff);
  const orderOf = compileOrder(part.order ?? mapping.order);
  const book: Book = part.book ?? mapping.book ?? 'sales';
  return (scope, amountMicros) => {
    const occurredAtMs = timeOf(scope);
    const businessDate = dayOf(occurredAtMs);
    return { book, kind: part.is, businessDate, occurredAtMs, amountMicros, orderId: orderOf(scope) };
  };
}

function compileAmounts({ mapping }: TransformRule, part: MappingCase | MappingEntry): AmountsOf {
  const sign = part.sign ?? mapping.sign ?? 1;
  if (part.share) return compileShare(part.share, sign);
  const amountOf = compileAmount(part.amount ?? mapping.amount ?? [], sign);
  return (scopes) => scopes.map(({ row, item }) => amountOf(row, item));
}

const compilePart = (rule: TransformRule, part: MappingCase & MappingEntry, scopes: Part['scopes']): Part => ({
  scopes,
  entryOf: compileEntry(rule, part),
  amountsOf: compileAmounts(rule, part),
  isShare: part.share !== undefined,
});

/** Compiles columns and the values that each may have; all columns must hold. */
export function compileWhere(where: MappingCase['where']): (row: Row) => boolean {
  if (!where) return () => true;
  const columns = Object.entries(where).map(([path, values]) => ({
    read: scopedReader(path),
    values: new Set<unknown>(values),
  }));
  return (row) => columns.every(({ read, values }) => values.has(read(row, null)));
}

function compileWhen(when: string | undefined, views: Views): (scope: Scope) => boolean {
  if (!when) return () => true;
  const holds = compileCondition(when, views);
  return ({ row, item }) => holds({ row, item: item ?? {} });
}

const NO_SCOPES: readonly Scope[] = [];

function itemsOf(each: string | undefined): (row: Row) => readonly Scope[] {
  if (!each) return (row) => [{ row, item: null }];
  const read = scopedReader(each);
  return (row) => {
    const value = read(row, null);
    return Array.isArray(value) ? value.map((item: Row) => ({ row, item })) : NO_SCOPES;
  };
}

/** One entry a record, by the first case that holds; a record that no case takes makes none. */
function compileCases(rule: TransformRule, cases: readonly MappingCase[], views: Views): Parts {
  const compiled = cases.map((one) => ({
    where: compileWhere(one.where),
    when: compileWhen(one.when, views),
    part: [compilePart(rule, one, itemsOf(undefined))],
  }));
  return (row) => {
    const scope = { row, item: null };
    return compiled.find((one) => one.where(row) && one.when(scope))?.part ?? [];
  };
}

/** All entries, for each element of `each`. */
function compileEntries(
  rule: TransformRule,
  entries: readonly MappingEntry[],
  viewsOf: (each?: string) => Views,
): Parts {
  const parts = entries.map((one) => {
    const items = itemsOf(one.each);
    const when = one.when ? compileWhen(one.when, viewsOf(one.each)) : null;
    const scopes = when ? (row: Row) => items(row).filter(when) : items;
    return compilePart(rule, one, scopes);
  });
  return () => parts;
}

function compileParts(rule: TransformRule): Parts {
  const { cases, entries } = rule.mapping;
  const viewsOf = recordViews(rule.schema);
  return cases ? compileCases(rule, cases, viewsOf()) : compileEntries(rule, entries ?? [], viewsOf);
}

/** Nothing was sold, paid or spent: a discount of zero, say. A sale at no price is a sale all the same. */
const movesNothing = ({ kind, amountMicros }: DraftEntry): boolean => amountMicros === 0n && kind !== 'gross_sales';
const bookedOn = ({ book, businessDate }: DraftEntry): string => `${book}/${businessDate}`;

/**
 * Of a record that moves something, what moves nothing is left out, book by book and day by day: it adds to no number, and
 * most discounts of a shop are of zero. A record is never left out itself.
 */
function withoutIdle(drafts: DraftEntry[]): DraftEntry[] {
  if (drafts.length < 2 || !drafts.some(movesNothing)) return drafts;
  const moved = new Set(drafts.filter((draft) => !movesNothing(draft)).map(bookedOn));
  return drafts.filter((draft) => !movesNothing(draft) || !moved.has(bookedOn(draft)));
}

/** Compiles a mapping into the function that turns one valid record into its entries. */
export function compileMapping(rule: TransformRule): Entries {
  const partsOf = compileParts(rule);
  return (row) => {
    const drafts: DraftEntry[] = [];
    for (const { scopes, entryOf, amountsOf } of partsOf(row)) {
      const found = scopes(row);
      const amounts = amountsOf(found);
      for (let at = 0; at < found.length; at += 1) drafts.push(entryOf(found[at]!, amounts[at]!));
    }
    return withoutIdle(drafts);
  };
}

function amountsOrNone(amountsOf: AmountsOf, scopes: readonly Scope[]): readonly bigint[] {
  try {
    return amountsOf(scopes);
  } catch (problem) {
    if (problem instanceof AmountProblem) return [];
    throw problem;
  }
}

function knownAmounts({ scopes, amountsOf, isShare }: Part, row: Row): readonly bigint[] {
  const found = scopes(row);
  if (isShare) return amountsOrNone(amountsOf, found);
  return found.flatMap((scope) => amountsOrNone(amountsOf, [scope]));
}

/** Compiles the amount that a broken record holds back: the sum of what can be told of it, null where nothing can. */
export function compileSuspense(rule: TransformRule): (row: Row) => bigint | null {
  const partsOf = compileParts(rule);
  return (row) => {
    try {
      const known = partsOf(row).flatMap((part) => knownAmounts(part, row));
      return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0n);
    } catch {
      return null;
    }
  };
}
