import { createCopyHistories } from './copy-histories.ts';
import type { CareDeps } from './deps.ts';
import { createEndLostAttempts } from './end-lost-attempts.ts';
import { createPassHandoffDeadlines } from './pass-handoff-deadlines.ts';
import { createRepairIncidents } from './repair-incidents.ts';
import { createRepairOutboxes } from './repair-outboxes.ts';
import { createRepairReviews } from './repair-reviews.ts';
import { createRepairRevisions } from './repair-revisions.ts';
import { createRepairSchedules } from './repair-schedules.ts';

/** What keeps an installation whole: each finds what is missing, repairs it, and leaves alone what is well. */
export const createCareActivities = (deps: CareDeps) => ({
  repairSchedules: createRepairSchedules(deps),
  endLostAttempts: createEndLostAttempts(deps),
  passHandoffDeadlines: createPassHandoffDeadlines(deps),
  repairReviews: createRepairReviews(deps),
  repairIncidents: createRepairIncidents(deps),
  repairOutboxes: createRepairOutboxes(deps),
  repairRevisions: createRepairRevisions(deps),
  copyHistories: createCopyHistories(deps),
});

export type CareActivities = ReturnType<typeof createCareActivities>;
