import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { type CapturedSource, createCapture, type DayKey } from '../../activities/capture.ts';
import type { Deps } from '../../activities/deps.ts';
import { createEnrich } from '../../activities/enrich.ts';
import { createNormalize, type NormalizedDay } from '../../activities/normalize.ts';
import { createPreviewDay, type DayPreview } from '../../activities/preview-day.ts';
import { applyOperatingModel } from '../../infra/operating-model/apply.ts';
import { readFileSet } from '../../infra/operating-model/read.ts';
import { latestVersion } from '../../infra/operating-model/store.ts';
import { loadValues, type StoredValue } from '../../infra/postgres/metrics/values.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import { startRowWork } from '../../infra/rowwork/pool.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const TODAY = '2026-01-01';
const MEGABYTE = 1 << 20;

/** The stages up to the computed numbers, as the worker runs them, on a database and a folder of a test's own. */
export type Pipeline = {
  database: TestDatabase;
  deps: Deps;
  /** Where a test puts its files. */
  folder: string;
  /** Applies the document at a path; throws its problems. Resolves with the client's id. */
  apply(document: string): Promise<string>;
  capture(clientId: string, date: string): Promise<CapturedSource[]>;
  /** Resolves with all that was normalized since it was asked last, also what the capture of a file did ahead. */
  normalize(clientId: string, date: string): Promise<NormalizedDay>;
  /** Computes the day's numbers from the ledger as it is. */
  values(clientId: string, date: string): Promise<StoredValue[]>;
  /** Tries the document at a path on a day. */
  preview(document: string, date: string): Promise<DayPreview>;
  close(): Promise<void>;
};

function depsOf(database: TestDatabase, threads: number): Deps {
  return {
    db: database.db,
    databaseUrl: database.url,
    rowWork: startRowWork(threads),
    secrets: { auditKey: Buffer.alloc(32, 1), customerKey: Buffer.alloc(32, 2) },
    files: { roots: ['/'], maximumRecordBytes: 16 * MEGABYTE, maximumFileBytes: 1024 * MEGABYTE },
    mail: { transportUrl: 'smtp://127.0.0.1:1', from: 'test@localhost' },
    pages: { linkTo: () => null },
    engine: {
      startOwnClose: async () => true,
      signalAttemptEnded: async () => undefined,
      signalHandoffSettled: async () => undefined,
      startIncident: async () => undefined,
      signalIncidentChanged: async () => undefined,
      startRevisions: async () => undefined,
      wakeOutbox: async () => undefined,
      signalIdentity: async () => '',
    },
    secretOf: () => null,
    signals: 'on',
  };
}

/** A stage as an activity: it beats and is cancelled like one. */
const asActivity = <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> =>
  new MockActivityEnvironment().run(activity, ...args);

async function apply({ deps }: Pipeline, document: string): Promise<string> {
  const { files, base } = await readFileSet(document);
  const applied = await applyOperatingModel(deps.db, {
    auditKey: deps.secrets.auditKey,
    files,
    base,
    actor: 'tester',
    today: TODAY,
  });
  if ('problems' in applied) throw new Error(JSON.stringify(applied, null, 1));
  return applied.client;
}

/** Adds up what the audit trail says of normalizing, from one place in it on. */
async function normalizedSince({ db }: TestDatabase, clientId: string, since: bigint) {
  const { rows } = await sql<{ sequence: bigint; detail: NormalizedDay | null }>`
    select sequence, case when record::jsonb->>'action' = 'day.normalized' then record::jsonb->'detail' end as detail
    from audit_event where client_id = ${clientId} and sequence > ${since} order by sequence`.execute(db);
  const done = rows.flatMap(({ detail }) => (detail ? [detail] : []));
  const total = (part: keyof NormalizedDay) => done.reduce((all, one) => all + one[part], 0);
  const sum: NormalizedDay = {
    records: total('records'),
    posted: total('posted'),
    reversed: total('reversed'),
    quarantined: total('quarantined'),
  };
  return { sum, last: rows.at(-1)?.sequence ?? since };
}

/** Opens a pipeline; `close` it when the test file is done. */
export async function openPipeline({ threads = 1 } = {}): Promise<Pipeline> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'meshline-pipeline-'));
  const deps = depsOf(database, threads);
  const versions = new Map<string, number>();
  const told = new Map<string, bigint>();
  const dayOf = (clientId: string, businessDate: string): DayKey => ({
    clientId,
    businessDate,
    attempt: 1,
    modelVersion: versions.get(clientId) ?? 1,
  });
  const pipeline: Pipeline = {
    database,
    deps,
    folder,
    async apply(document) {
      const client = await apply(pipeline, document);
      versions.set(client, (await latestVersion(deps.db, client))?.version ?? 1);
      return client;
    },
    async capture(clientId, date) {
      const day = dayOf(clientId, date);
      const { document } = await loadModel(deps.db, clientId, day.modelVersion);
      const captured: CapturedSource[] = [];
      for (const { id } of document.sources)
        captured.push(await asActivity(createCapture(deps), { ...day, sourceId: id }));
      return captured;
    },
    async normalize(clientId, date) {
      await asActivity(createNormalize(deps), dayOf(clientId, date));
      const { sum, last } = await normalizedSince(database, clientId, told.get(clientId) ?? 0n);
      told.set(clientId, last);
      return sum;
    },
    async values(clientId, date) {
      await asActivity(createEnrich(deps), dayOf(clientId, date));
      return loadValues(deps.db, dayOf(clientId, date));
    },
    async preview(document, date) {
      const request = { ...(await readFileSet(document)), date, actor: 'tester' };
      return asActivity(createPreviewDay(deps), request);
    },
    async close() {
      await deps.rowWork.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return pipeline;
}
