import { Piscina } from 'piscina';
import type { RowCount } from '../../domain/checks/row.ts';
import type { SimulatedFix } from '../../domain/remediation/fix.ts';
import type { CaptureFileInput, CaptureOutcome } from './capture-file.ts';
import type { CheckRowsInput } from './check-rows.ts';
import type { NormalizeInput, NormalizeOutcome } from './normalize-batches.ts';
import type { DayPreview, PreviewInput } from './preview-day.ts';
import type { PreviewRevisionInput, RevisionPreview } from './preview-revision.ts';
import type { ReadUnpostedInput, UnpostedRecord } from './read-unposted.ts';
import type { RowWorkResult } from './result.ts';
import type { SuggestFixesInput } from './suggest-fixes.ts';

/** Row work in threads, so that heartbeats and neighbours never wait for a busy loop. */
export type RowWork = {
  captureFile(input: CaptureFileInput, signal: AbortSignal): Promise<RowWorkResult<CaptureOutcome>>;
  normalizeBatches(input: NormalizeInput, signal: AbortSignal): Promise<RowWorkResult<NormalizeOutcome>>;
  checkRows(input: CheckRowsInput, signal: AbortSignal): Promise<RowCount[]>;
  readUnposted(input: ReadUnpostedInput, signal: AbortSignal): Promise<UnpostedRecord[]>;
  previewDay(input: PreviewInput, signal: AbortSignal): Promise<DayPreview>;
  previewRevision(input: PreviewRevisionInput, signal: AbortSignal): Promise<RevisionPreview>;
  suggestFixes(input: SuggestFixesInput, signal: AbortSignal): Promise<SimulatedFix[]>;
  close(): Promise<void>;
};

const file = (name: string): string => new URL(name, import.meta.url).href;

/** Threads stay warm between tasks; aborting a task ends its thread, and Postgres rolls its transaction back. */
export function startRowWork(maximumThreads: number): RowWork {
  const pool = new Piscina({
    filename: file('./capture-file.ts'),
    minThreads: 1,
    maxThreads: maximumThreads,
    concurrentTasksPerWorker: 1,
    idleTimeout: 60_000,
  });
  return {
    captureFile: (input, signal) => pool.run(input, { filename: file('./capture-file.ts'), signal }),
    normalizeBatches: (input, signal) => pool.run(input, { filename: file('./normalize-batches.ts'), signal }),
    checkRows: (input, signal) => pool.run(input, { filename: file('./check-rows.ts'), signal }),
    readUnposted: (input, signal) => pool.run(input, { filename: file('./read-unposted.ts'), signal }),
    previewDay: (input, signal) => pool.run(input, { filename: file('./preview-day.ts'), signal }),
    previewRevision: (input, signal) => pool.run(input, { filename: file('./preview-revision.ts'), signal }),
    suggestFixes: (input, signal) => pool.run(input, { filename: file('./suggest-fixes.ts'), signal }),
    close: () => pool.destroy(),
  };
}
