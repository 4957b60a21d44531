import { parentPort, workerData } from 'node:worker_threads';
import { SourceFailure } from '../sources/failure.ts';

/** What a row-work module calls at its top level: runs the work on the thread's input and reports how it ended. */
export async function threadMain<Input, Result>(
  work: (input: Input, onProgress: (records: number) => void) => Promise<Result>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('row work runs in a thread of its own');
  try {
    const result = await work(workerData as Input, (records) => port.postMessage({ kind: 'progress', records }));
    port.postMessage({ kind: 'done', result });
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string };
    const type = error instanceof SourceFailure ? error.type : null;
    port.postMessage({ kind: 'failed', name, type, message, code: code ?? null });
  }
}
