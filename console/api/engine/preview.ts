import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { rootCause, TypedSearchAttributes } from '@temporalio/common';
import { clientIdKey } from '../../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../../infra/temporal/start-close.ts';
import type { PreviewDocument } from '../../../schemas/api/clients.ts';
import { Problem, unprocessable } from '../problem.ts';

export type PreviewInput = { files: Readonly<Record<string, string>>; base: string; date: string; clientId: string };

/** Longer than a day's files take, and short enough that a person still waits. */
const LONGEST = '10m';
/** Temporal takes two megabytes at most. */
const LARGEST_TEXTS = 1_500_000;

function assertFits(files: PreviewInput['files']): void {
  const size = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= LARGEST_TEXTS) return;
  const detail = `The documents have ${size} bytes, a preview takes ${LARGEST_TEXTS}. Shorten them, or apply them.`;
  throw new Problem(413, 'too-large', 'The documents are too large for a preview', detail);
}

/** Tries a document on a day, by a worker that keeps nothing of it. Throws a 422 problem that says what went wrong. */
export async function previewDay(temporal: Client, input: PreviewInput): Promise<PreviewDocument> {
  assertFits(input.files);
  try {
    return await temporal.workflow.execute<(input: PreviewInput) => Promise<PreviewDocument>>('previewDay', {
      workflowId: `preview/${input.clientId}/${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: LONGEST,
      typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: input.clientId }]),
      staticSummary: `Preview ${input.clientId} ${input.date}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const detail = `${rootCause(error) ?? error.message} Nothing was kept.`;
    throw unprocessable('preview-failed', 'The day could not be previewed', detail);
  }
}
