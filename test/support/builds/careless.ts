import * as present from '../../../workflows/proxies.ts';
import { noteStep, withStepBefore } from './added-step.ts';

export * from '../../../workflows/proxies.ts';

/** A build that forgets what waits: it does one thing more before each look, and also says so of looks long past. */
export const sets = withStepBefore(present.sets, 'loadReview', () => noteStep('careless build: before a look'));
