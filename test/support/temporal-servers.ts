import { setTimeout } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import type { CareActivities } from '../../activities/installation/index.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/ids.ts';
import { findTemporalBinary } from '../../infra/runtime/temporal/binary.ts';
import { ensureSearchAttributes } from '../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { beatWhileRunning } from '../../workers/beat.ts';
import { classifyFailures } from '../../workers/classify-failures.ts';
import type { BuildActivities } from './builds/added-step.ts';
import { obtainTestServer } from './test-server.ts';
import { type Build, workflowBundle } from './workflow-builds.ts';

export { workflowBundle };

const PAUSE_MS = 50;
const LONG_WHILE_MS = 50_000;

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

/** The Temporal server at hand, or null. */
export const devServer = findTemporalBinary();
/** The server that skips time at hand, or null. */
export const timeSkippingServer = await obtainTestServer();

/** A development server of one's own, with its search attributes; `teardown` ends it. */
export async function startDevServer(): Promise<TestWorkflowEnvironment> {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: devServer! },
      extraArgs: ['--dynamic-config-value', 'system.forceSearchAttributesCacheRefreshOnRead=true'],
    },
  });
  await ensureSearchAttributes(environment.client);
  return environment;
}

/** A server whose clock jumps to the next timer while somebody waits for a result or sleeps. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: timeSkippingServer! } },
  });
  const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  // This server can register search attributes but not list them.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.client.options.namespace,
    searchAttributes: Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, keyword])),
  });
  return environment;
}

/** The build of the workflows, and how many runs a worker keeps in memory; with none, each turn is replayed. */
type Serving = { build?: Build; maxCachedWorkflows?: number };

/** Serves the workflows with these activities until `work` is done. */
export async function withWorker<T>(
  { nativeConnection, namespace }: TestWorkflowEnvironment,
  activities: Partial<Activities & CareActivities & BuildActivities>,
  work: () => Promise<T>,
  { build, ...options }: Serving = {},
): Promise<T> {
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue: TASK_QUEUE,
    ...options,
    workflowBundle: await workflowBundle(build),
    activities,
    interceptors: { activity: [beatWhileRunning, classifyFailures].map((inbound) => () => ({ inbound })) },
  });
  return worker.runUntil(work());
}

/** Waits in real time until something holds. Throws where it has not come to hold after a long while. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const begun = Date.now(); !(await holds()); await setTimeout(PAUSE_MS))
    if (Date.now() - begun > LONG_WHILE_MS) throw new Error(`It does not hold: ${holds}`);
}

/** Waits for a run's end in real time: a clock let loose can run past every timeout while a run is at work. */
export async function resultOf<T>(handle: WorkflowHandle): Promise<T> {
  await until(async () => (await handle.describe()).status.name !== 'RUNNING');
  return handle.result() as Promise<T>;
}

/** Lets time pass on a skipping clock, once a run only waits: what is at work would run into its timeouts. */
export async function skip(environment: TestWorkflowEnvironment, handle: WorkflowHandle, ms: number): Promise<void> {
  await until(async () => {
    const { pendingActivities, pendingWorkflowTask } = (await handle.describe()).raw;
    return (pendingActivities ?? []).length === 0 && !pendingWorkflowTask;
  });
  await environment.sleep(ms);
}
