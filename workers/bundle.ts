import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

/** Bundles the workflows; fails where one of them imports what may not run inside a workflow. */
export const bundleWorkflows = (): Promise<WorkflowBundle> =>
  bundleWorkflowCode({ workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname });

if (import.meta.main) {
  const { code } = await bundleWorkflows();
  process.stdout.write(`workflow bundle: ${Math.round(code.length / 1024)} kB\n`);
}
