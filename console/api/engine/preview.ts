import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { rootCause, TypedSearchAttributes } from '@temporalio/common';
import { clientIdKey } from '../../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../../infra/temporal/start-close.ts';
import type { PreviewDocument } from '../../../schemas/api/clients.ts';
import type { previewDay as previewDayWorkflow } from '../../../workflows/preview-day.ts';
import { Problem, unprocessable } from '../problem.ts';

type PreviewRequest = Parameters<typeof previewDayWorkflow>[0];

export type PreviewWish = PreviewRequest & { clientId: string };

/** Longer than a day's files take, and short enough that a person still waits. */
const LONGEST = '10m';
/** Temporal takes two megabytes at most. */
const LARGEST_TEXTS = 1_500_000;

function assertFits(files: PreviewWish['files']): void {
  const size = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= LARGEST_TEXTS) return;
  const detail = `The documents have ${size} bytes, a preview takes ${LARGEST_TEXTS}. Shorten them, or apply them.`;
  throw new Problem(413, 'too-large', 'The documents are too large for a preview', detail);
}

/** Tries a document on a day, by a worker that keeps nothing of it. Throws a 422 problem that says what went wrong. */
export async function previewDay(temporal: Client, { clientId, ...request }: PreviewWish): Promise<PreviewDocument> {
  assertFits(request.files);
  try {
    const preview = await temporal.workflow.execute<typeof previewDayWorkflow>('previewDay', {
      workflowId: `preview/${clientId}/${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [request],
      workflowExecutionTimeout: LONGEST,
      typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: clientId }]),
      staticSummary: `Preview ${clientId} ${request.date}`,
    });
    const { missing: _, metrics, sources, problems, quarantined, ...day } = preview;
    return {
      ...day,
      client: clientId,
      quarantined: [...quarantined],
      metrics: [...metrics],
      sources: [...sources],
      problems: [...problems],
    };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const detail = `${rootCause(error) ?? error.message} Nothing was kept.`;
    throw unprocessable('preview-failed', 'The day could not be previewed', detail);
  }
}
