import { patched } from '@temporalio/workflow';
import * as present from '../../../workflows/proxies.ts';
import { noteStep, withStepBefore } from './added-step.ts';

export * from '../../../workflows/proxies.ts';

async function beforeLook(): Promise<void> {
  if (patched('second-build')) await noteStep('second build: before a look');
}

/** The next build: it does one thing more before each look at an exception or an incident. */
export const sets = withStepBefore(withStepBefore(present.sets, 'loadReview', beforeLook), 'loadIncident', beforeLook);
