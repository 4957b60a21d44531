import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** Storage and engine failures wait as long as they last; what cannot succeed is thrown as non-retryable. */
const untilItWorks = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/**
 * What a cancelled attempt has begun is waited for: nothing may write behind the back of the step that ends it. (The
 * engine's own default lets go of an activity at once.)
 */
const cancellationType = 'WAIT_CANCELLATION_COMPLETED' as const;

/** The worker beats for every activity: one whose worker has died is tried again after this. */
export const heartbeatTimeout = '20s';

/** Rows: long, cancellable. */
export const rows = proxyActivities<Activities>({
  startToCloseTimeout: '6h',
  heartbeatTimeout,
  cancellationType,
  retry: untilItWorks,
});

/** A preview is waited for by a person: an outage is told soon. */
export const previews = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
});

/** Sets: queries and short transactions. */
export const sets = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout,
  cancellationType,
  retry: untilItWorks,
});

/**
 * An attempt that must wait for another one to end: some twenty seconds, then it says so for good. An outage burns none
 * of them.
 */
export const patient = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '1s', backoffCoefficient: 1.2, maximumInterval: '30s' },
});

/** Mail to people of the team: it goes out, however long the server is away. */
export const notices = proxyActivities<Activities>({
  startToCloseTimeout: '3m',
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/**
 * Reports: after about a quarter of an hour of tries the activity itself marks the delivery failed, and the day goes
 * on.
 */
export const deliveries = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '2m' },
});

/** Outboxes: a receiver may be away for days; when its patience is over the activity itself gives the delivery up. */
export const outbox = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout,
  cancellationType,
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '5m' },
});
