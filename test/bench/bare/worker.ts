import { NativeConnection, Worker } from '@temporalio/worker';

export const BARE_QUEUE = 'bench-bare';

/** A worker for the bare workflow, on the same engine and a task queue of its own. */
export async function startBareWorker(address: string, namespace: string): Promise<{ stop: () => Promise<void> }> {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: BARE_QUEUE,
    workflowsPath: new URL('./workflow.ts', import.meta.url).pathname,
    activities: { nothing: async () => undefined },
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
