import type { Client } from '@temporalio/client';
import type { Db } from '../../infra/postgres/connect.ts';
import type { Recompute } from '../../infra/rowwork/recompute-pool.ts';

/** What the routes work with; wired once, by `main.ts`. */
export type ApiDeps = {
  /** Connected as the API's role, which is no owner and sees what each transaction names. */
  db: Db;
  databaseUrl: string;
  temporal: Client;
  recompute: Recompute;
  secrets: { auditKey: Buffer; customerKey: Buffer };
  files: { roots: readonly string[]; uploadsFolder: string; maximumUploadBytes: number };
};
