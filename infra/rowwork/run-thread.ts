import { Worker } from 'node:worker_threads';
import { SourceFailure, type SourceFailureType } from '../sources/failure.ts';

export type ThreadMessage<T> =
  | { kind: 'progress'; records: number }
  | { kind: 'done'; result: T }
  | { kind: 'failed'; name: string; type: string | null; message: string; code: string | null };

export type ThreadOptions = { signal?: AbortSignal; onProgress?: (records: number) => void };

function asError(message: Extract<ThreadMessage<unknown>, { kind: 'failed' }>): Error {
  if (message.name === 'SourceFailure') return new SourceFailure(message.type as SourceFailureType, message.message);
  const error = new Error(message.message) as Error & { code?: string };
  error.name = message.name;
  if (message.code) error.code = message.code;
  return error;
}

/**
 * Runs a row-work module in a thread of its own, so that heartbeats and neighbours never wait for a busy loop.
 * Aborting ends the thread; its open transaction is then rolled back by the server.
 */
export function runThread<Input, Result>(module: URL, input: Input, options: ThreadOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(module, { workerData: input });
    const stop = () => {
      reject(options.signal?.reason ?? new Error('stopped'));
      void worker.terminate();
    };
    options.signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: ThreadMessage<Result>) => {
      if (message.kind === 'progress') options.onProgress?.(message.records);
      else if (message.kind === 'done') resolve(message.result);
      else reject(asError(message));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      options.signal?.removeEventListener('abort', stop);
      reject(new Error(`row work ended early with code ${code}`));
    });
  });
}
