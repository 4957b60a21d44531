import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { findTemporalBinary } from '../../infra/runtime/temporal/binary.ts';
import { ensureSearchAttributes } from '../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { classifyFailures } from '../../workers/classify-failures.ts';
import { obtainTestServer } from './test-server.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** The Temporal server at hand, or null: then a test that needs it says so and is skipped. */
export const devServer = findTemporalBinary();
/** The server that skips time at hand, or null. */
export const timeSkippingServer = await obtainTestServer();

type Body = () => Promise<void>;
const { skip } = test;

/** Registers a test that needs a program: without it, as skipped and with the reason in its name. */
const testWith = (program: string | null, reason: string) => (name: string, body: Body, timeoutMs?: number) =>
  program ? test(name, body, timeoutMs) : skip(`${name} (${reason})`, body);

export const devServerTest = testWith(devServer, 'needs the Temporal CLI: set TEMPORAL_CLI');
export const timeSkippingTest = testWith(
  timeSkippingServer,
  'needs the time-skipping server: node test/support/test-server.ts',
);

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
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: timeSkippingServer! } },
  });
  await ensureSearchAttributes(environment.client);
  return environment;
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows' bundle, made once for a test file. */
export function workflowBundle(): Promise<WorkflowBundle> {
  const workflowsPath = new URL('../../workflows/index.ts', import.meta.url).pathname;
  bundle ??= bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return bundle;
}

/** Serves the workflows with these activities until `work` is done; one that is not given is not registered. */
export async function withWorker<T>(
  { nativeConnection, namespace }: TestWorkflowEnvironment,
  activities: Partial<Activities>,
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
