import { mkdirSync, writeFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startDevServer, withWorker } from '../support/temporal-servers.ts';
import { SCENARIOS } from './scenarios.ts';

const folder = new URL('./histories/', import.meta.url);

/** Who recorded on which machine is nobody's business, and makes every recording differ. */
const anonymous = (key: string, value: unknown): unknown => {
  if (key === 'identity') return 'recorder';
  return key === 'stackTrace' ? '' : value;
};

async function record(environment: TestWorkflowEnvironment, name: string): Promise<void> {
  const { activities, run } = SCENARIOS[name]!();
  const { client } = environment;
  const { workflowId, runId } = await withWorker(environment, activities, () => run(client));
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const json = JSON.stringify(JSON.parse(historyToJSON(history), anonymous), null, 1);
  writeFileSync(new URL(`${name}.json`, folder), `${json}\n`);
  process.stdout.write(`${name}: ${history.events?.length} events\n`);
}

/** Records the histories of the scenarios that are named, or of all, from a development server. */
mkdirSync(folder, { recursive: true });
const named = process.argv.slice(2);
const environment = await startDevServer();
try {
  for (const name of named.length > 0 ? named : Object.keys(SCENARIOS)) await record(environment, name);
} finally {
  await environment.teardown();
}
