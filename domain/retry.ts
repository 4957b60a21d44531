/** How a failing step is tried again; intervals in ms. */
export type RetryTerms = { firstMs: number; coefficient: number; longestMs: number; maximumAttempts: number };

/** The wait before the next try, in ms: grows with every failed one (the first is 1), up to the longest. */
export const retryDelayMs = ({ firstMs, coefficient, longestMs }: RetryTerms, failedTries: number): number =>
  Math.min(longestMs, firstMs * coefficient ** (failedTries - 1));
