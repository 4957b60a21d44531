import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  executeChild,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PlannedRevision } from '../activities/revisions/plan.ts';
import { closeChild } from './close-child.ts';
import { closeRevenue } from './close-revenue.ts';
import { lookAgainSignal, type RevisionsInput } from './messages.ts';
import { deliveries, sets } from './proxies.ts';

/**
 * Closes a client's published days anew whose inputs have changed, in the order of their dates, and then tells those
 * who were told otherwise, once. What lapses meanwhile is looked at before it ends.
 */
export async function reviseDays({ clientId }: RevisionsInput): Promise<void> {
  let wanted = true;
  setHandler(lookAgainSignal, () => {
    wanted = true;
  });
  while (wanted) {
    wanted = false;
    const planned = await sets.planRevisions(clientId);
    for (const [at, one] of planned.entries()) {
      setCurrentDetails(`${clientId}: closing ${one.businessDate} anew, ${at + 1} of ${planned.length}`);
      await closeAnew(clientId, one);
    }
    await deliveries.sendCorrections(clientId);
    if (wanted && workflowInfo().continueAsNewSuggested) await continueAsNew<typeof reviseDays>({ clientId });
  }
}

/** However it ends, another day's turn comes. An attempt that runs already sees what has changed by itself. */
async function closeAnew(clientId: string, { businessDate, beginsAt }: PlannedRevision): Promise<void> {
  const input = { clientId, businessDate, beginsAt, cause: 'late_data', actor: 'meshline' } as const;
  try {
    await executeChild(closeRevenue, { ...closeChild(input), workflowIdReusePolicy: 'ALLOW_DUPLICATE' });
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    if (!(error instanceof WorkflowExecutionAlreadyStartedError))
      setCurrentDetails(`${clientId} ${businessDate}: failed`);
  }
}
