import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { keepHistory, uncopiedRuns } from '../../infra/postgres/installation/histories.ts';
import type { EndedRun } from '../../infra/temporal/installation.ts';
import type { CareDeps } from './deps.ts';

/** `since` (ISO 8601) is how far the last pass came; null looks at all that the server remembers. */
export type HistoriesToCopy = { since: string | null };
export type CopiedHistories = { copied: number; until: string };

/** Runs show in the server's list some time after they have ended. */
const LAG_MS = 60 * 60_000;

/** The history and an audit row with its hash, in one transaction: a copy that is edited shows. */
async function copyHistory({ db, secrets, installation }: CareDeps, run: EndedRun): Promise<boolean> {
  const { binary, events } = await installation.readHistory(run);
  return db.transaction().execute(async (tx) => {
    if (!(await keepHistory(tx, { ...run, history: binary }))) return false;
    await appendAudit(tx, secrets.auditKey, {
      clientId: run.clientId,
      ...(run.businessDate && { businessDate: run.businessDate }),
      actor: 'meshline',
      action: 'history.kept',
      subject: run.workflowId,
      detail: {
        runId: run.runId,
        status: run.status,
        events,
        sha256: createHash('sha256').update(binary).digest('hex'),
      },
    });
    return true;
  });
}

/**
 * Keeps the histories of runs that have ended, so that the trail outlives the server's retention. Never from inside a
 * run itself: its last events come after everything that it does.
 */
export function createCopyHistories(deps: CareDeps) {
  return async function copyHistories({ since }: HistoriesToCopy): Promise<CopiedHistories> {
    const until = new Date(Date.now() - LAG_MS).toISOString();
    let copied = 0;
    for await (const page of deps.installation.endedRuns(since ? new Date(since) : null)) {
      const uncopied = await uncopiedRuns(
        deps.db,
        page.map((run) => run.runId),
      );
      for (const run of page.filter((one) => uncopied.has(one.runId))) {
        if (await copyHistory(deps, run)) copied += 1;
        heartbeat();
      }
      heartbeat();
    }
    return { copied, until };
  };
}
