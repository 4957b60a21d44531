import { TypedSearchAttributes } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy } from '@temporalio/workflow';
import { closeWorkflowId } from '../domain/ids.ts';
import type { CloseInput } from './messages.ts';
import { businessDateKey, clientIdKey } from './visibility.ts';

/** A close as a child. It outlives its parent: an attempt that has begun also ends. */
export const closeChild = (input: CloseInput) => ({
  workflowId: closeWorkflowId(input.clientId, input.businessDate),
  args: [input] as [CloseInput],
  parentClosePolicy: ParentClosePolicy.ABANDON,
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  typedSearchAttributes: new TypedSearchAttributes([
    { key: clientIdKey, value: input.clientId },
    { key: businessDateKey, value: input.businessDate },
  ]),
  staticSummary: `Close ${input.clientId} ${input.businessDate} (${input.cause})`,
});
