import type { Client } from '@temporalio/client';
import type { PageLinks } from '../../infra/delivery-page/links.ts';
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
  /** Links to the pages of mails, and what they name. */
  pages: PageLinks;
  /** Whether a secret that a document names is set where the API runs. */
  isSecretSet(ref: string): boolean;
  files: { roots: readonly string[]; uploadsFolder: string; maximumUploadBytes: number };
};
