import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities/index.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { startDevServer, withWorker } from '../support/temporal.ts';
import { type ApiBench, startApi } from './api-bench.ts';

/** A whole installation: database, mailbox, Temporal, a worker, and the API. */
export type Serving = { bench: CloseBench; environment: TestWorkflowEnvironment; api: ApiBench; stop(): Promise<void> };

export async function startServing(): Promise<Serving> {
  const bench = await startCloseBench();
  const environment = await startDevServer();
  const activities = createActivities({ ...bench.deps, engine: engineOver(environment.client) });
  const { auditKey, customerKey } = bench.deps.secrets;
  const api = await startApi({
    database: bench.database,
    temporal: environment.client,
    secrets: { auditKey, customerKey },
  });
  const over = Promise.withResolvers<void>();
  const working = withWorker(environment, activities, () => over.promise);
  return {
    bench,
    environment,
    api,
    async stop() {
      over.resolve();
      await working;
      await api.stop();
      await environment.teardown();
      await bench.stop();
    },
  };
}
