import { setTimeout } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import type { CareActivities } from '../../activities/installation/index.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/ids.ts';
import { findTemporalBinary } from '../../infra/runtime/temporal/binary.ts';
import { ensureSearchAttributes } from '../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { classifyFailures } from '../../workers/classify-failures.ts';
import { obtainTestServer } from './test-server.ts';

/** Work is done in real time: so long that a busy machine is done before the skipped seconds run into a timeout. */
const REAL_PAUSE_MS = 100;

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** The Temporal server at hand, or null: then a test that needs it says so and is skipped. */
export const devServer = findTemporalBinary();
/** The server that skips time at hand, or null. */
export const timeSkippingServer = await obtainTestServer();

type Body = () => Promise<void>;
const { skip } = test;

/** Registers a test that needs a program: without it, as skipped and with the reason in its name. */
const testWith = (program: string | null, reason: string) => (name: string, body: Body) =>
  program ? test(name, body) : skip(`${name} (${reason})`, body);

export const devServerTest = testWith(devServer, 'needs the Temporal CLI: set TEMPORAL_CLI');
const skippingTest = testWith(timeSkippingServer, 'needs the time-skipping server: node test/support/test-server.ts');

/** A test with a server of its own whose clock skips: runs that another test left would hold the clock. */
export const timeSkippingTest = (name: string, body: (environment: TestWorkflowEnvironment) => Promise<void>) =>
  skippingTest(name, async () => {
    const environment = await startTimeSkipping();
    try {
      await body(environment);
    } finally {
      await environment.teardown();
    }
  });

/** A development server of a test file's own, with its search attributes; `teardown` ends it. */
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

/** A server whose clock jumps to the next timer while a test waits for a result or sleeps. */
async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
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

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows' bundle, made once for a test file. */
export function workflowBundle(): Promise<WorkflowBundle> {
  const workflowsPath = new URL('../../workflows/index.ts', import.meta.url).pathname;
  bundle ??= bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return bundle;
}

/** Serves the workflows with these activities until `work` is done. */
export async function withWorker<T>(
  { nativeConnection, namespace }: TestWorkflowEnvironment,
  activities: Partial<Activities & CareActivities>,
  work: () => Promise<T>,
): Promise<T> {
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities,
    interceptors: { activity: [() => ({ inbound: classifyFailures })] },
  });
  return worker.runUntil(work());
}

/** Lets the server's clock run, step by step, until something holds. */
export async function skipUntil(
  environment: TestWorkflowEnvironment,
  holds: () => boolean | Promise<boolean>,
  stepMs = 1_000,
): Promise<void> {
  for (let steps = 0; !(await holds()); steps += 1) {
    if (steps > 600) throw new Error(`After ${steps} steps of ${stepMs} ms it does not hold.`);
    await environment.sleep(stepMs);
    await setTimeout(REAL_PAUSE_MS);
  }
}

/** Waits for a run's end, step by step: a clock let loose can run past every timeout while a run is at work. */
export async function resultOf<T>(environment: TestWorkflowEnvironment, handle: WorkflowHandle): Promise<T> {
  await skipUntil(environment, async () => (await handle.describe()).status.name !== 'RUNNING');
  return handle.result() as Promise<T>;
}
