import type { DraftEntry, RecordDimensions } from '../../domain/normalize/entry.ts';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import { compileUnposted, type Unposted } from '../../domain/normalize/unposted.ts';
import { UNPOSTED_OF_DAY, type UnpostedCause } from '../postgres/reconcile/unposted.ts';
import { type Session, withSession } from '../postgres/session.ts';
import { type StoredFormat, type StoredRecord, storedRecords } from './stored-records.ts';

export type ReadUnpostedInput = StoredFormat & { databaseUrl: string; businessDate: string; rule: TransformRule };

/** A record that our numbers do not hold, with the entries of the day that it would have made. */
export type UnpostedRecord = {
  rawEventId: bigint;
  cause: UnpostedCause;
  storeId: string;
  shared: Omit<RecordDimensions, 'customer'>;
  entries: readonly Pick<DraftEntry, 'book' | 'kind' | 'amountMicros'>[];
};

function toRecord(input: ReadUnpostedInput, record: StoredRecord, would: Unposted): UnpostedRecord {
  const { customer: _, ...shared } = would.shared;
  const entries = would.entries
    .filter((entry) => entry.businessDate === input.businessDate)
    .map(({ book, kind, amountMicros }) => ({ book, kind, amountMicros }));
  return {
    rawEventId: record.rawEventId,
    cause: record.tag as UnpostedCause,
    storeId: input.rule.storeId,
    shared,
    entries,
  };
}

async function readAll(session: Session, input: ReadUnpostedInput): Promise<UnpostedRecord[]> {
  const wouldBe = compileUnposted(input.rule);
  const query = { text: UNPOSTED_OF_DAY, values: [input.clientId, input.sourceId, input.businessDate] };
  const found: UnpostedRecord[] = [];
  for await (const records of storedRecords(session, input, query))
    for (const record of records) {
      const would = wouldBe(record.row, record.rawEventId);
      if (would) found.push(toRecord(input, record, would));
    }
  return found;
}

/** Says what the records of a source and day that made no entry would have been. Runs in a row-work thread. */
export default function readUnposted(input: ReadUnpostedInput): Promise<UnpostedRecord[]> {
  return withSession(input.databaseUrl, (session) => readAll(session, input));
}
