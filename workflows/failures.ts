import { ActivityFailure, ApplicationFailure, rootCause } from '@temporalio/workflow';

const LONGEST = 2_000;

/** What went wrong, as the activity said it; bounded, because it is stored and shown. */
export const messageOf = (error: unknown): string => (rootCause(error) ?? String(error)).slice(0, LONGEST);

/** Whether an activity failed with this type of failure. */
export const isFailure = (error: unknown, type: string): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === type;
