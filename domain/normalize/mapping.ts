import type { Book, EntryKind } from '../../schemas/operating-model/kinds.ts';
import type { Mapping, MappingCase, MappingEntry } from '../../schemas/operating-model/mapping.ts';
import { businessDayClock } from '../business-day.ts';
import { compileCondition } from '../cel.ts';
import { fieldText, type Row } from '../fields.ts';
import { compileInstant, zoneOfField } from '../identity.ts';
import { compileAmount, scopedReader } from './amount.ts';
import type { DraftEntry } from './entry.ts';
import type { TransformRule } from './rule.ts';

type Scope = { row: Row; item: Row | null };
type EntryMaker = (scope: Scope) => DraftEntry;
type Entries = (row: Row) => DraftEntry[];

/** An entry whose time cannot be read. */
export class TimeProblem extends Error {}

function compileTime(rule: TransformRule, occurredAt: Mapping['occurredAt']): (scope: Scope) => number {
  const read = scopedReader(occurredAt.field);
  const instantOf = compileInstant(zoneOfField(occurredAt, rule.zones));
  return ({ row, item }) => {
    const value = read(row, item);
    const instant = instantOf(value);
    if (instant === null) throw new TimeProblem(`${occurredAt.field}: ${fieldText(value) ?? 'absent'}`);
    return instant;
  };
}

function compileEntry(rule: TransformRule, part: MappingCase | MappingEntry): EntryMaker {
  const { mapping } = rule;
  const amountOf = compileAmount(part.amount ?? mapping.amount ?? [], part.sign ?? mapping.sign ?? 1);
  const timeOf = compileTime(rule, part.occurredAt ?? mapping.occurredAt);
  const dayOf = businessDayClock(rule.zones.store, rule.cutOff);
  const orderPath = ('order' in part ? part.order : undefined) ?? mapping.order;
  const readOrder = orderPath ? scopedReader(orderPath) : () => null;
  const book: Book = part.book ?? mapping.book ?? 'sales';
  const kind: EntryKind = part.is;
  return (scope) => {
    const occurredAtMs = timeOf(scope);
    const orderId = fieldText(readOrder(scope.row, scope.item));
    return {
      book,
      kind,
      businessDate: dayOf(occurredAtMs),
      occurredAtMs,
      amountMicros: amountOf(scope.row, scope.item),
      orderId,
    };
  };
}

/** Compiles columns and the values that each may have; all columns must hold. */
export function compileWhere(where: MappingCase['where']): (row: Row) => boolean {
  if (!where) return () => true;
  const columns = Object.entries(where).map(([path, values]) => ({
    read: scopedReader(path),
    values: new Set<unknown>(values),
  }));
  return (row) => columns.every(({ read, values }) => values.has(read(row, null)));
}

function compileWhen(when: string | undefined): (scope: Scope) => boolean {
  if (!when) return () => true;
  const holds = compileCondition(when);
  return ({ row, item }) => holds({ row, item: item ?? {} });
}

/** One entry a record, by the first case that holds; a record that no case takes makes none. */
function compileCases(rule: TransformRule, cases: readonly MappingCase[]): Entries {
  const compiled = cases.map((one) => ({
    where: compileWhere(one.where),
    when: compileWhen(one.when),
    make: compileEntry(rule, one),
  }));
  return (row) => {
    const scope = { row, item: null };
    const first = compiled.find((one) => one.where(row) && one.when(scope));
    return first ? [first.make(scope)] : [];
  };
}

const NO_ITEMS: readonly (Row | null)[] = [];

function itemsOf(each: string | undefined): (row: Row) => readonly (Row | null)[] {
  if (!each) return () => [null];
  const read = scopedReader(each);
  return (row) => {
    const value = read(row, null);
    return Array.isArray(value) ? (value as Row[]) : NO_ITEMS;
  };
}

/** All entries, for each element of `each`. */
function compileEntries(rule: TransformRule, entries: readonly MappingEntry[]): Entries {
  const compiled = entries.map((one) => ({
    items: itemsOf(one.each),
    when: compileWhen(one.when),
    make: compileEntry(rule, one),
  }));
  return (row) => {
    const drafts: DraftEntry[] = [];
    for (const { items, when, make } of compiled)
      for (const item of items(row)) {
        const scope = { row, item };
        if (when(scope)) drafts.push(make(scope));
      }
    return drafts;
  };
}

/** Compiles a mapping into the function that turns one valid record into its entries. */
export function compileMapping(rule: TransformRule): Entries {
  const { cases, entries } = rule.mapping;
  return cases ? compileCases(rule, cases) : compileEntries(rule, entries ?? []);
}
