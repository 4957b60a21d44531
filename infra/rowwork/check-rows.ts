import { compileRowChecks, type RowCount, type RowVerdict } from '../../domain/checks/row.ts';
import { compileAdjustments } from '../../domain/normalize/adjustment.ts';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import type { CheckOf } from '../../schemas/operating-model.ts';
import { placesOf, storeFailures, VALID_OF_DAY } from '../postgres/checks/failures.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { type StoredFormat, storedRecords } from './stored-records.ts';

export type CheckRowsInput = StoredFormat & {
  databaseUrl: string;
  businessDate: string;
  attempt: number;
  rule: TransformRule;
  checks: readonly CheckOf<'row'>[];
};

/** So many failing records of a check are kept; all are counted. */
const KEPT = 10_000;
const EXAMPLES = 5;

type Tally = { lookedAt: number; failed: number; unjudged: number; reason: string | null; kept: bigint[] };
const emptyTally = (): Tally => ({ lookedAt: 0, failed: 0, unjudged: 0, reason: null, kept: [] });

function count(tally: Tally, rawEventId: bigint, verdict: RowVerdict): void {
  if (verdict.is === 'skipped') return;
  tally.lookedAt += 1;
  if (verdict.is === 'met') return;
  tally.failed += 1;
  if (tally.kept.length < KEPT) tally.kept.push(rawEventId);
  if (verdict.is !== 'unjudged') return;
  tally.unjudged += 1;
  tally.reason ??= verdict.reason;
}

async function tallyRecords(session: Session, input: CheckRowsInput): Promise<Tally[]> {
  const judge = compileRowChecks(input.checks, input.rule.schema);
  const adjust = compileAdjustments(input.rule);
  const tallies = input.checks.map(emptyTally);
  const query = { text: VALID_OF_DAY, values: [input.clientId, input.sourceId, input.businessDate] };
  for await (const records of storedRecords(session, input, query))
    for (const { rawEventId, row: captured } of records) {
      const row = adjust(captured, rawEventId);
      if (row === null) continue;
      judge(row).forEach((verdict, at) => {
        count(tallies[at]!, rawEventId, verdict);
      });
    }
  return tallies;
}

async function countsOf(session: Session, { checks }: CheckRowsInput, tallies: readonly Tally[]): Promise<RowCount[]> {
  const counts: RowCount[] = [];
  for (const [at, { kept: ids, ...tally }] of tallies.entries())
    counts.push({ checkId: checks[at]!.id, ...tally, examples: await placesOf(session, ids.slice(0, EXAMPLES)) });
  return counts;
}

/** Tests the records as the session's transaction sees them, and keeps nothing of it. */
export async function countRows(session: Session, input: CheckRowsInput): Promise<RowCount[]> {
  return countsOf(session, input, await tallyRecords(session, input));
}

async function checkInTransaction(session: Session, input: CheckRowsInput): Promise<RowCount[]> {
  const tallies = await tallyRecords(session, input);
  await storeFailures(session, input, new Map(input.checks.map((check, at) => [check.id, tallies[at]!.kept])));
  return countsOf(session, input, tallies);
}

/** Tests the day's records of one source by all of its row checks, in one pass. Runs in a row-work thread. */
export default function checkRows(input: CheckRowsInput): Promise<RowCount[]> {
  return withSession(input.databaseUrl, (session) => inTransaction(session, () => checkInTransaction(session, input)));
}
