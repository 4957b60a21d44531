import type { Row } from '../fields.ts';
import { adjustedRule } from './adjusted-rule.ts';
import { compileAdjustments } from './adjustment.ts';
import type { DraftEntry, RecordDimensions } from './entry.ts';
import { compileMapping } from './mapping.ts';
import { compileCurrency, compileShared } from './normalize.ts';
import type { TransformRule } from './rule.ts';

/** What a record would mean if it counted. */
export type Unposted = { entries: readonly DraftEntry[]; shared: RecordDimensions };

/**
 * Compiles what a record would have made if nothing had kept it out of the ledger: neither its schema nor `skipWhen` is
 * asked. Null where no amount can be told, and for an amount in a foreign currency.
 */
export function compileUnposted(given: TransformRule): (row: Row, rawEventId: bigint) => Unposted | null {
  const rule = adjustedRule(given);
  const adjust = compileAdjustments(given);
  const entriesOf = compileMapping(rule);
  const sharedOf = compileShared(rule);
  const foreign = compileCurrency(rule);
  return (captured, rawEventId) => {
    // A record that a person left out is told like one that the mapping skips.
    const row = adjust(captured, rawEventId) ?? captured;
    if (foreign(row)) return null;
    try {
      return { entries: entriesOf(row), shared: sharedOf(row) };
    } catch {
      return null;
    }
  };
}
