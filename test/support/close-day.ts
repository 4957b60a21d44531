import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { CapturedSource } from '../../activities/capture.ts';
import type { Deps } from '../../activities/deps.ts';
import type { AttemptEnding } from '../../activities/finish-attempt.ts';
import { type Activities, createActivities } from '../../activities/index.ts';
import type { OpenedDay } from '../../activities/open-attempt.ts';
import type { BeginsAt, CloseCause, DayStatus } from '../../domain/close.ts';
import { closeWorkflowId } from '../../domain/ids.ts';
import { closeMailTransports } from '../../infra/mail/transports.ts';
import { applyOperatingModel } from '../../infra/operating-model/apply.ts';
import type { FileSet } from '../../infra/operating-model/files.ts';
import { readFileSet } from '../../infra/operating-model/read.ts';
import type { Outbox } from '../../infra/postgres/delivery/outbox.ts';
import { startRowWork } from '../../infra/rowwork/pool.ts';
import { type Mailbox, startMailbox } from '../infra/mail/mailbox.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const MEGABYTE = 1024 * 1024;

export type CloseWish = {
  clientId: string;
  businessDate: string;
  beginsAt?: BeginsAt;
  cause?: CloseCause;
  actor?: string;
  /** Runs just before the activity of that name: what may happen between two stages. */
  before?: Partial<Record<keyof Activities, () => Promise<void>>>;
};
export type ClosedDay = { attempt: number; status: DayStatus; how: AttemptEnding['how']; opened: OpenedDay };

/** Everything that the activities of a close need, real but for the engine. Call `stop` when the test file is done. */
export type CloseBench = {
  database: TestDatabase;
  db: TestDatabase['db'];
  mailbox: Mailbox;
  deps: Deps;
  activities: Activities;
  /** Reviews that were told of an attempt's end, in order. */
  told: { exceptionId: string; attempt: number }[];
  /** Reviews that were told that their hand-off was settled, in order. */
  settled: string[];
  /** Incidents whose workflows were to be started, in order. */
  incidents: string[];
  /** Clients whose revisions were to be started, in order. */
  revised: string[];
  /** Outboxes that were woken, in order. */
  outboxes: Outbox[];
  /** Applies a document with the files that it leans on; throws its problems. */
  apply(document: string | { base: string; files: FileSet }): Promise<{ client: string; version: number }>;
  /** Runs one activity as a worker would. */
  run<T>(work: () => Promise<T>, runId?: string, attempt?: number): Promise<T>;
  /** Runs the activities of one attempt in the order of the process. */
  close(wish: CloseWish): Promise<ClosedDay>;
  stop(): Promise<void>;
};

async function applied(db: TestDatabase['db'], auditKey: Buffer, document: string | { base: string; files: FileSet }) {
  const files = typeof document === 'string' ? await readFileSet(document) : document;
  const result = await applyOperatingModel(db, { ...files, auditKey, actor: 'tester', today: '2010-12-01' });
  if ('problems' in result) throw new Error(JSON.stringify(result, null, 1));
  return result;
}

/** The process of one attempt, as the close's workflow runs it, but for its waits and retries. */
async function runStages(
  run: <T>(name: keyof Activities, work: () => Promise<T>) => Promise<T>,
  acts: Activities,
  day: OpenedDay,
): Promise<AttemptEnding> {
  let standing = day.beginsAt === 'reconcile' && (await run('carryOverDay', () => acts.carryOverDay(day)));
  for (;;) {
    if (!standing) {
      await run('captureTotals', () => acts.captureTotals(day));
      const captured: CapturedSource[] = [];
      for (const { id: sourceId } of day.sources)
        captured.push(
          day.beginsAt === 'normalize'
            ? { sourceId, status: 'unchanged', records: 0, newRecords: 0, changedRecords: 0, goneRecords: 0 }
            : await run('captureSource', () => acts.captureSource({ ...day, sourceId })),
        );
      if (day.settled && !(await run('hasNews', () => acts.hasNews(day)))) return { how: 'unchanged' };
      await run('normalizeDay', () => acts.normalizeDay(day));
      await run('validateDay', () => acts.validateDay({ ...day, captured }));
      await run('enrichDay', () => acts.enrichDay(day));
    }
    await run('reconcileDay', () => acts.reconcileDay(day));
    const published = await run('publishDay', () => acts.publishDay(day));
    standing = false;
    if (published.inputsChanged) continue;
    if (published.status !== 'running') await run('deliverReport', () => acts.deliverReport(day, published.status));
    return { how: 'finished', status: published.status };
  }
}

/** Starts a database, a mail server, row-work threads and the activities over them. */
export async function startCloseBench(): Promise<CloseBench> {
  const database = await createTestDatabase();
  const mailbox = await startMailbox();
  const rowWork = startRowWork(1);
  const told: CloseBench['told'] = [];
  const settled: string[] = [];
  const incidents: string[] = [];
  const revised: string[] = [];
  const outboxes: Outbox[] = [];
  const deps: Deps = {
    db: database.db,
    databaseUrl: database.url,
    rowWork,
    secrets: { auditKey: Buffer.alloc(32, 7), customerKey: Buffer.alloc(32, 9) },
    files: { roots: ['/'], maximumRecordBytes: 16 * MEGABYTE, maximumFileBytes: 16 * 1024 * MEGABYTE },
    mail: { transportUrl: `smtp://127.0.0.1:${mailbox.port}`, from: 'Meshline <meshline@agency.example>' },
    pages: { linkTo: () => null },
    engine: {
      startOwnClose: async () => true,
      signalAttemptEnded: async (exceptionId, attempt) => {
        told.push({ exceptionId, attempt });
      },
      signalHandoffSettled: async (exceptionId) => {
        settled.push(exceptionId);
      },
      startRevisions: async (clientId) => {
        revised.push(clientId);
      },
      startIncident: async ({ incidentId }) => {
        incidents.push(incidentId);
      },
      signalIncidentChanged: async () => undefined,
      wakeOutbox: async (outbox) => {
        outboxes.push(outbox);
      },
      signalIdentity: async () => '',
    },
    secretOf: (ref) => (ref === 'ops-hook' ? 'a secret of the test' : null),
    signals: 'on',
  };
  const activities = createActivities(deps);

  const run: CloseBench['run'] = (work, runId = randomUUID(), attempt = 1) =>
    new MockActivityEnvironment({ attempt, workflowExecution: { workflowId: `close/${runId}`, runId } }).run(work);

  async function close({ before = {}, ...wish }: CloseWish): Promise<ClosedDay> {
    const runId = randomUUID();
    const workflowId = closeWorkflowId(wish.clientId, wish.businessDate);
    const environment = () => new MockActivityEnvironment({ attempt: 1, workflowExecution: { workflowId, runId } });
    const stage = async <T>(name: keyof Activities, work: () => Promise<T>): Promise<T> => {
      await before[name]?.();
      return environment().run(work);
    };
    const input = { beginsAt: 'capture', cause: 'manual', actor: 'tester', ...wish } as const;
    const opened = await stage('openAttempt', () => activities.openAttempt(input));
    const ending = await runStages(stage, activities, opened);
    const status = await stage('finishAttempt', () => activities.finishAttempt(opened, ending));
    return { attempt: opened.attempt, status, how: ending.how, opened };
  }

  return {
    database,
    db: database.db,
    mailbox,
    deps,
    activities,
    told,
    settled,
    incidents,
    revised,
    outboxes,
    apply: (document) => applied(database.db, deps.secrets.auditKey, document),
    run,
    close,
    async stop() {
      await rowWork.close();
      await closeMailTransports();
      await mailbox.close();
      await database.drop();
    },
  };
}
