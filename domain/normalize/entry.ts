import type { Book, EntryKind } from '../../schemas/operating-model/kinds.ts';

/** What one raw event means in the ledger. Amounts are signed micros of `currency`. */
export type DraftEntry = {
  book: Book;
  kind: EntryKind;
  businessDate: string;
  occurredAtMs: number;
  amountMicros: bigint;
  orderId: string | null;
};

/** What all entries of one record share. */
export type RecordDimensions = {
  customer: string | null;
  channel: string | null;
  campaign: string | null;
  dimensions: Readonly<Record<string, string>> | null;
};

export type RecordError = { path: string; found: string; expected: string };

export type NormalizedRecord =
  | { kind: 'entries'; entries: readonly DraftEntry[]; shared: RecordDimensions }
  | { kind: 'quarantine'; errors: readonly RecordError[]; amountMicros: bigint | null };
