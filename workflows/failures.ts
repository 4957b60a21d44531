import { rootCause } from '@temporalio/workflow';

const LONGEST = 2_000;

/** What went wrong, as the activity said it; bounded, because it is stored and shown. */
export const messageOf = (error: unknown): string => (rootCause(error) ?? String(error)).slice(0, LONGEST);
