import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { devServer, startTimeSkipping, timeSkippingServer } from './temporal-servers.ts';

export { devServer, resultOf, skip, startDevServer, until, withWorker, workflowBundle } from './temporal-servers.ts';

type Body = () => Promise<void>;
const { skip: skipped } = test;

/** Registers a test that needs a program: without it, as skipped and with the reason in its name. */
const testWith = (program: string | null, reason: string) => (name: string, body: Body) =>
  program ? test(name, body) : skipped(`${name} (${reason})`, body);

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
