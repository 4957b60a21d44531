import { createCapture } from './capture.ts';
import { createCaptureTotals } from './capture-totals.ts';
import { createCarryOver } from './carry-over.ts';
import { createDeliver } from './deliver.ts';
import { createSendQueued } from './delivery/send-queued.ts';
import type { Deps } from './deps.ts';
import { createEnrich } from './enrich.ts';
import { createFinishAttempt } from './finish-attempt.ts';
import { createHasNews } from './has-news.ts';
import { createAlertAgain } from './incident/alert-again.ts';
import { createCloseIncident, createSummarizeIncident } from './incident/close.ts';
import { createLeadMembers } from './incident/lead-members.ts';
import { createLoadIncident } from './incident/load.ts';
import { createOpenIncident } from './incident/open-incident.ts';
import { createRecordIncidentStep } from './incident/record-decision.ts';
import { createExceptionEnded, createSettleIncident } from './incident/settle.ts';
import { createTellIncident } from './incident/tell.ts';
import { createPostIncident } from './incident/webhooks.ts';
import { createPlanNight } from './installation/plan-night.ts';
import { createNormalize } from './normalize.ts';
import { createOpenAttempt } from './open-attempt.ts';
import { createPreviewDay } from './preview-day.ts';
import { createPublish } from './publish.ts';
import { createReconcile } from './reconcile.ts';
import { createAskOwner } from './review/ask-owner.ts';
import { createClimb, createEscalate } from './review/climb.ts';
import { createEndReview } from './review/end-review.ts';
import { createLoadReview } from './review/load-review.ts';
import { createSendNotice } from './review/notices.ts';
import { createRecordDecision } from './review/record-decision.ts';
import { createStartDecided } from './review/start-decided.ts';
import { createStartRerun } from './review/start-rerun.ts';
import { createSuggestFixes, createTryFix } from './review/suggest-fixes.ts';
import { createTellHealing } from './review/tell-healing.ts';
import { createTellOverdue, createTellOwner } from './review/tell-owed.ts';
import { createPlanRevisions } from './revisions/plan.ts';
import { createPreviewRevision } from './revisions/preview.ts';
import { createSendCorrections } from './revisions/send-corrections.ts';
import { createStartRevisions } from './revisions/start.ts';
import { createValidate } from './validate.ts';

/** Every side effect of the process, in the order of the pipeline. */
export const createActivities = (deps: Deps) => ({
  openAttempt: createOpenAttempt(deps),
  carryOverDay: createCarryOver(deps),
  captureSource: createCapture(deps),
  captureTotals: createCaptureTotals(deps),
  hasNews: createHasNews(deps),
  normalizeDay: createNormalize(deps),
  validateDay: createValidate(deps),
  enrichDay: createEnrich(deps),
  reconcileDay: createReconcile(deps),
  publishDay: createPublish(deps),
  deliverReport: createDeliver(deps),
  sendQueued: createSendQueued(deps),
  finishAttempt: createFinishAttempt(deps),
  startRevisions: createStartRevisions(deps),
  planRevisions: createPlanRevisions(deps),
  previewRevision: createPreviewRevision(deps),
  sendCorrections: createSendCorrections(deps),
  planNight: createPlanNight(deps),
  previewDay: createPreviewDay(deps),
  loadReview: createLoadReview(deps),
  startRerun: createStartRerun(deps),
  tellHealing: createTellHealing(deps),
  askOwner: createAskOwner(deps),
  climb: createClimb(deps),
  sendNotice: createSendNotice(deps),
  endReview: createEndReview(deps),
  tellOwner: createTellOwner(deps),
  escalate: createEscalate(deps),
  tellOverdue: createTellOverdue(deps),
  recordDecision: createRecordDecision(deps),
  startDecided: createStartDecided(deps),
  suggestFixes: createSuggestFixes(deps),
  tryFix: createTryFix(deps),
  openIncident: createOpenIncident(deps),
  exceptionEnded: createExceptionEnded(deps),
  loadIncident: createLoadIncident(deps),
  recordIncidentStep: createRecordIncidentStep(deps),
  alertAgain: createAlertAgain(deps),
  leadMembers: createLeadMembers(deps),
  settleIncident: createSettleIncident(deps),
  summarizeIncident: createSummarizeIncident(deps),
  closeIncident: createCloseIncident(deps),
  tellIncident: createTellIncident(deps),
  postIncident: createPostIncident(deps),
});

export type Activities = ReturnType<typeof createActivities>;
