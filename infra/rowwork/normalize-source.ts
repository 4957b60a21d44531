import { type Query, readBlocks } from '../postgres/blocks.ts';
import { lockSource } from '../postgres/capture/batch.ts';
import { copyInto, openCopy, openRowCopy } from '../postgres/copy.ts';
import { noteSales } from '../postgres/customers/sales.ts';
import { createAffected, STANDING_OF_AFFECTED, standingOfBatch } from '../postgres/ledger/affected.ts';
import { batchFields, markNormalized, type PendingBatch, pendingBatches } from '../postgres/ledger/batches.ts';
import { createDesired, postDifference, settleQuarantine } from '../postgres/ledger/difference.ts';
import { inTransaction, type Session } from '../postgres/session.ts';
import { sampleLoad } from '../postgres/statistics.ts';
import {
  compileLines,
  ENTRY_COLUMNS,
  type Lines,
  type Meaning,
  QUARANTINE_COLUMNS,
  type StandingRow,
} from './entry-lines.ts';

/** `dates` are the business days whose entries changed. */
export type NormalizeOutcome = {
  records: number;
  posted: number;
  reversed: number;
  quarantined: number;
  dates: string[];
};
export type NormalizedSource = NormalizeOutcome & { batches: readonly bigint[] };
export type SourceDay = Meaning & { businessDate: string };

/** `reader` may be the writer itself, and then sees what it has not committed; one of its own reads while it writes. */
export type Sessions = { reader: Session; writer: Session };

type ToLines = (rows: readonly StandingRow[]) => Lines;
type Target = { entries: string; quarantine: string };
const DIRECT: Target = { entries: 'ledger_entry', quarantine: 'quarantine' };
const COMPARED: Target = { entries: 'desired', quarantine: 'desired_quarantine' };

async function store({ client }: Session, target: Target, lines: Lines): Promise<void> {
  if (lines.entries.count > 0)
    await copyInto(openRowCopy(client, `${target.entries} (${ENTRY_COLUMNS})`), [lines.entries]);
  if (lines.quarantined.length > 0)
    await copyInto(openCopy(client, `${target.quarantine} (${QUARANTINE_COLUMNS})`), [lines.quarantined]);
}

/** Reads standing records, maps them and stores the lines; the next rows are mapped while the last are stored. */
async function mapRows({ reader, writer }: Sessions, query: Query, toLines: ToLines, target: Target) {
  const counts = { records: 0, posted: 0, quarantined: 0, dates: [] as string[] };
  let storing: Promise<void> = Promise.resolve();
  for await (const rows of readBlocks<StandingRow>(reader, query)) {
    const lines = toLines(rows);
    counts.records += rows.length;
    counts.posted += lines.entries.count;
    counts.quarantined += lines.quarantined.length;
    counts.dates = [...lines.dates];
    await storing;
    storing = store(writer, target, lines);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    storing.catch(() => undefined);
  }
  await storing;
  return { ...counts, dates: counts.dates.sort() };
}

/** Entries of a batch that nothing else touches go straight into the ledger. */
async function postFresh(sessions: Sessions, batchId: bigint, toLines: ToLines): Promise<NormalizeOutcome> {
  const { reader, writer } = sessions;
  const post = () => mapRows(sessions, standingOfBatch(batchId), toLines, DIRECT);
  const counts = reader === writer ? await post() : await inTransaction(reader, post);
  await sampleLoad(writer.db, 'ledger_entry', counts.posted);
  return { ...counts, reversed: 0 };
}

async function postCompared(writer: Session, batches: readonly bigint[], toLines: ToLines): Promise<NormalizeOutcome> {
  await createAffected(writer.db, batches);
  await createDesired(writer.db);
  const counts = await mapRows({ reader: writer, writer }, STANDING_OF_AFFECTED, toLines, COMPARED);
  const posted = await postDifference(writer.db, batches.at(-1)!);
  await settleQuarantine(writer.db);
  await sampleLoad(writer.db, 'ledger_entry', posted.posted + posted.reversed);
  return { ...counts, ...posted };
}

/** Whether no entry of the batch can stand yet and none of its records is claimed by another batch. */
const isFresh = ({ sequence, normalized_with, overlapping }: PendingBatch): boolean =>
  sequence === 1 && normalized_with === null && !overlapping;

/**
 * Brings the ledger of one source and day to what its records mean now, within the writer's transaction. Null where it
 * says so already.
 */
export async function normalizeSource(sessions: Sessions, day: SourceDay): Promise<NormalizedSource | null> {
  const { clientId, rule, businessDate, transformVersion } = day;
  const { db } = sessions.writer;
  await lockSource(db, { clientId, sourceId: rule.sourceId });
  const pending = await pendingBatches(db, clientId, rule.sourceId, businessDate, transformVersion);
  const [only] = pending;
  if (!only) return null;
  const batches = pending.map((batch) => batch.batch_id);
  const toLines = compileLines(day, await batchFields(db, clientId, rule.sourceId));
  const outcome =
    pending.length === 1 && isFresh(only)
      ? await postFresh(sessions, only.batch_id, toLines)
      : await postCompared(sessions.writer, batches, toLines);
  await noteSales(db, clientId, outcome.dates);
  await markNormalized(db, batches, transformVersion);
  return { ...outcome, batches };
}
