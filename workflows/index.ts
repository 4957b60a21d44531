export { backfillCloses } from './backfill-closes.ts';
export { closeRevenue } from './close-revenue.ts';
export { reviewException } from './review-exception.ts';
