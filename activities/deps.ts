import type { Db } from '../infra/postgres/connect.ts';
import type { RowWork } from '../infra/rowwork/pool.ts';
import type { CloseInput } from '../workflows/messages.ts';

/** What activities work with; wired once, by the worker. */
export type Deps = {
  db: Db;
  databaseUrl: string;
  rowWork: RowWork;
  secrets: { auditKey: Buffer; customerKey: Buffer };
  files: { roots: readonly string[]; maximumRecordBytes: number; maximumFileBytes: number };
  mail: { transportUrl: string; from: string };
  /** Starts an attempt under the day's workflow id, or joins the one that runs. */
  startClose(input: CloseInput): Promise<void>;
};
