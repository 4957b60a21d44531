import { compileCondition } from '../cel.ts';
import { classifyChannel } from '../channel.ts';
import { fieldReader, fieldText, type Row } from '../fields.ts';
import { readUtm } from '../utm.ts';
import { AmountProblem } from './amount.ts';
import type { NormalizedRecord, RecordDimensions, RecordError } from './entry.ts';
import { compileMapping, TimeProblem } from './mapping.ts';
import type { TransformRule } from './rule.ts';

export type RecordValidator = (row: Row) => readonly RecordError[];

function compileMarketing(rule: TransformRule): (row: Row) => Pick<RecordDimensions, 'channel' | 'campaign'> {
  const { landingUrl, referrer } = rule.mapping;
  if (!landingUrl && !referrer) return () => ({ channel: null, campaign: null });
  const readUrl = landingUrl ? fieldReader(landingUrl) : () => null;
  const readReferrer = referrer ? fieldReader(referrer) : () => null;
  return (row) => {
    const landing = fieldText(readUrl(row)) ?? '';
    const { utm, clickIds } = readUtm(landing);
    const channel = classifyChannel({ utm, clickIds, referrer: fieldText(readReferrer(row)) ?? '' });
    return { channel, campaign: utm.campaign ?? null };
  };
}

export function compileShared(rule: TransformRule): (row: Row) => RecordDimensions {
  const { customer, dimensions } = rule.mapping;
  const readCustomer = customer ? fieldReader(customer) : () => null;
  const marketingOf = compileMarketing(rule);
  const named = Object.entries(dimensions ?? {}).map(([name, path]) => [name, fieldReader(path)] as const);
  return (row) => {
    const { channel, campaign } = marketingOf(row);
    const others = named.map(([name, read]) => [name, fieldText(read(row)) ?? '(none)']);
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
  if (problem instanceof TimeProblem)
    return { path: 'occurredAt', found: problem.message, expected: 'a date and time' };
  throw problem;
}

/**
 * Compiles a transform into one pure function over a record. A record that its schema or its amounts break comes back
 * whole, with all its errors and, where it can still be told, the amount that it would have had.
 */
export function compileTransform(rule: TransformRule, validate: RecordValidator): (row: Row) => NormalizedRecord {
  const entriesOf = compileMapping(rule);
  const sharedOf = compileShared(rule);
  const foreign = compileCurrency(rule);
  const skips = rule.mapping.skipWhen ? compileCondition(rule.mapping.skipWhen) : () => false;
  const amountInSuspense = (row: Row): bigint | null => {
    try {
      return entriesOf(row).reduce((sum, entry) => sum + entry.amountMicros, 0n);
    } catch {
      return null;
    }
  };
  return (row) => {
    const errors = [...validate(row)];
    const currencyError = foreign(row);
    if (currencyError) errors.push(currencyError);
    if (errors.length > 0)
      return { kind: 'quarantine', errors, amountMicros: currencyError ? null : amountInSuspense(row) };
    if (skips({ row })) return { kind: 'entries', entries: [], shared: NO_DIMENSIONS };
    try {
      return { kind: 'entries', entries: entriesOf(row), shared: sharedOf(row) };
    } catch (problem) {
      return { kind: 'quarantine', errors: [asRecordError(problem)], amountMicros: null };
    }
  };
}

const NO_DIMENSIONS: RecordDimensions = { customer: null, channel: null, campaign: null, dimensions: null };
