import type { CloseInput } from '../domain/close.ts';
import type { Db } from '../infra/postgres/connect.ts';
import type { RowWork } from '../infra/rowwork/pool.ts';

/** What activities work with; wired once, by the worker. */
export type Deps = {
  db: Db;
  databaseUrl: string;
  rowWork: RowWork;
  secrets: { auditKey: Buffer; customerKey: Buffer };
  files: { roots: readonly string[]; maximumRecordBytes: number; maximumFileBytes: number };
  mail: { transportUrl: string; from: string };
  engine: Engine;
};

/** The few things that an activity asks of Temporal. */
export type Engine = {
  /** Starts an attempt of its own under the day's workflow id; false where one still runs. */
  startOwnClose(input: CloseInput): Promise<boolean>;
  /** Tells a review that an attempt of its day has ended; a review that is gone need not know. */
  signalAttemptEnded(exceptionId: string, attempt: number): Promise<void>;
};
