import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ServiceError, WorkflowFailedError } from '@temporalio/client';
import { rootCause, TypedSearchAttributes } from '@temporalio/common';
import { fixesWorkflowId } from '../../../domain/ids.ts';
import { clientIdKey } from '../../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../../infra/temporal/start-close.ts';
import type {
  suggestFixes as suggestFixesWorkflow,
  tryFix as tryFixWorkflow,
} from '../../../workflows/suggest-fixes.ts';
import { unprocessable } from '../problem.ts';

/** A person waits: a day that takes longer is shown with what was suggested last, and the work goes on. */
const WAITED_MS = 15_000;
/** An engine that is there answers at once. */
const REACHED_WITHIN_MS = 2_000;

async function simulate(temporal: Client, exceptionId: string, clientId: string): Promise<void> {
  const start = () =>
    temporal.workflow.start<typeof suggestFixesWorkflow>('suggestFixes', {
      workflowId: fixesWorkflowId(exceptionId),
      taskQueue: TASK_QUEUE,
      args: [exceptionId],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: clientId }]),
      staticSummary: `Try what may mend exception ${exceptionId}`,
    });
  const run = await temporal.withDeadline(Date.now() + REACHED_WITHIN_MS, start);
  await run.result();
}

/**
 * Has a worker try the fixes of an exception against the sources as they are now. Whoever looks at once with others waits
 * for the same run. Where nobody can try them, what was suggested last stands: an exception is shown also then.
 */
export async function refreshFixes(temporal: Client, exceptionId: string, clientId: string): Promise<void> {
  const done = new AbortController();
  const waited = sleep(WAITED_MS, undefined, { signal: done.signal }).catch(() => undefined);
  const simulated = simulate(temporal, exceptionId, clientId).catch((error: unknown) => {
    if (!(error instanceof ServiceError || error instanceof WorkflowFailedError)) throw error;
  });
  try {
    await Promise.race([simulated, waited]);
  } finally {
    done.abort();
  }
}

type MadeFix = Parameters<typeof tryFixWorkflow>[0];
type TriedFix = Awaited<ReturnType<typeof tryFixWorkflow>>;

/** Longer than a day takes, and short enough that a person still waits. */
const LONGEST = '5m';

/** Has a worker try a fix that a person made; answers the ordinal under which it is suggested, or what is wrong with it. */
export async function tryMadeFix(temporal: Client, clientId: string, input: MadeFix): Promise<TriedFix> {
  try {
    return await temporal.workflow.execute<typeof tryFixWorkflow>('tryFix', {
      workflowId: `${fixesWorkflowId(input.exceptionId)}/${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: LONGEST,
      typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: clientId }]),
      staticSummary: `Try a fix of ${input.madeBy} on exception ${input.exceptionId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const detail = `${rootCause(error) ?? error.message} Nothing was kept.`;
    throw unprocessable('fix-failed', 'The fix could not be tried', detail);
  }
}
