import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

/**
 * Bundles the workflows in a process of its own: the memory that a bundler has taken, a worker would keep for as long as
 * it lives. Rejects where a workflow imports what may not run inside one; the reason stands on stderr.
 */
export async function bundleWorkflows(): Promise<WorkflowBundle> {
  const child = fork(import.meta.filename);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The workflows could not be bundled (exit code ${code}).`);
  });
  const [bundle] = await Promise.race([once(child, 'message'), failed]);
  return bundle;
}

if (import.meta.main) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname,
  });
  process.stdout.write(`workflow bundle: ${Math.round(code.length / 1024)} kB\n`);
  process.send?.({ code });
}
