export { backfillCloses } from './backfill-closes.ts';
export { closeRevenue } from './close-revenue.ts';
export { handleIncident } from './handle-incident.ts';
export { nightlyClose } from './nightly-close.ts';
export { previewDay } from './preview-day.ts';
export { reconcileInstallation } from './reconcile-installation.ts';
export { reviewException } from './review-exception.ts';
export { reviseDays } from './revise-days.ts';
export { suggestFixes, tryFix } from './suggest-fixes.ts';
