export { backfillCloses } from './backfill-closes.ts';
export { closeRevenue } from './close-revenue.ts';
export { nightlyClose } from './nightly-close.ts';
export { reviewException } from './review-exception.ts';
