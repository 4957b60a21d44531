import { patched } from '@temporalio/workflow';
import { noteStep, withStepBefore } from './added-step.ts';
import * as second from './second.ts';

export * from './second.ts';

async function beforeClimb(): Promise<void> {
  if (patched('third-build')) await noteStep('third build: before a step of the chain');
}

/** The build after the next: what that one does, and one thing more before each step of the chain. */
export const sets = withStepBefore(second.sets, 'climb', beforeClimb);
