import { ConditionError, compileCondition } from '../cel.ts';
import { recordViews } from '../cel-views.ts';
import { fieldReader, fieldText, type Row } from '../fields.ts';
import { adjustedRule } from './adjusted-rule.ts';
import { compileAdjustments } from './adjustment.ts';
import { AmountProblem } from './amount.ts';
import type { NormalizedRecord, RecordDimensions, RecordError } from './entry.ts';
import { compileMapping, compileSuspense, FieldProblem } from './mapping.ts';
import { compileMarketing } from './marketing.ts';
import type { TransformRule } from './rule.ts';

export type RecordValidator = (row: Row) => readonly RecordError[];

const LONGEST_MEMBER = 200;

/** What a record says of a dimension; a longer text is no member that a report could show. */
const memberText = (text: string | null): string =>
  text === null ? '(none)' : text.length <= LONGEST_MEMBER ? text : Array.from(text).slice(0, LONGEST_MEMBER).join('');

export function compileShared(rule: TransformRule): (row: Row) => RecordDimensions {
  const { customer, dimensions } = rule.mapping;
  const readCustomer = customer ? fieldReader(customer) : () => null;
  const marketingOf = compileMarketing(rule.mapping);
  const named = Object.entries(dimensions ?? {}).map(([name, path]) => [name, fieldReader(path)] as const);
  return (row) => {
    const { channel, campaign } = marketingOf(row);
    const others = named.map(([name, read]) => [name, memberText(fieldText(read(row)))]);
    return {
      customer: fieldText(readCustomer(row)),
      channel,
      campaign,
      dimensions: others.length > 0 ? Object.fromEntries(others) : null,
    };
  };
}

export function compileCurrency(rule: TransformRule): (row: Row) => RecordError | null {
  const path = rule.mapping.currency;
  if (!path) return () => null;
  const read = fieldReader(path);
  return (row) => {
    const found = fieldText(read(row));
    return found === rule.currency
      ? null
      : { path, found: found ?? 'absent', expected: `an amount in ${rule.currency}` };
  };
}

function asRecordError(problem: unknown): RecordError {
  if (problem instanceof AmountProblem)
    return { path: problem.path, found: problem.found, expected: 'amounts whose product has at most six decimals' };
  if (problem instanceof FieldProblem) return { path: problem.path, found: problem.found, expected: problem.expected };
  if (problem instanceof ConditionError)
    return { path: '', found: problem.message, expected: 'a record that the condition can judge' };
  throw problem;
}

/**
 * Compiles a transform into one pure function over a record. A record that its schema or its amounts break comes back
 * whole, with all its errors and, where it can still be told, the amount that it would have had.
 * The id is that of the record's raw event, for what a person decided of single records.
 */
export function compileTransform(
  given: TransformRule,
  validate: RecordValidator,
): (row: Row, rawEventId?: bigint) => NormalizedRecord {
  const rule = adjustedRule(given);
  const adjust = compileAdjustments(given);
  const entriesOf = compileMapping(rule);
  const sharedOf = compileShared(rule);
  const foreign = compileCurrency(rule);
  const { skipWhen } = rule.mapping;
  const skips = skipWhen ? compileCondition(skipWhen, recordViews(rule.schema)()) : () => false;
  const suspense = compileSuspense(rule);
  /** A record that would make no entries holds nothing back, whatever else is wrong with it. */
  const amountInSuspense = (row: Row): bigint | null => {
    try {
      return skips({ row }) ? 0n : suspense(row);
    } catch {
      return suspense(row);
    }
  };
  const entriesIn = (row: Row): NormalizedRecord => {
    if (skips({ row })) return NO_ENTRIES;
    return { kind: 'entries', entries: entriesOf(row), shared: sharedOf(row) };
  };
  return (captured, rawEventId = NO_EVENT) => {
    const row = adjust(captured, rawEventId);
    if (row === null) return NO_ENTRIES;
    const currencyError = foreign(row);
    const errors = [...validate(row), ...(currencyError ? [currencyError] : [])];
    if (errors.length > 0)
      return { kind: 'quarantine', errors, amountMicros: currencyError ? null : amountInSuspense(row) };
    try {
      return entriesIn(row);
    } catch (problem) {
      return { kind: 'quarantine', errors: [asRecordError(problem)], amountMicros: amountInSuspense(row) };
    }
  };
}

const NO_DIMENSIONS: RecordDimensions = { customer: null, channel: null, campaign: null, dimensions: null };
const NO_ENTRIES: NormalizedRecord = { kind: 'entries', entries: [], shared: NO_DIMENSIONS };
/** A record that is not stored yet; ids of raw events are positive. */
const NO_EVENT = 0n;
