import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { BeginsAt, CloseInput } from '../../domain/close.ts';
import { latestAttempt } from '../../infra/postgres/close/attempt.ts';
import type { Deps } from '../deps.ts';

/** The attempt must be numbered above `after`, so that it saw what was decided. */
export type WantedAttempt = Omit<CloseInput, 'cause'> & { cause: 'rerun' | 'decision'; after: number };

const STAGES: readonly BeginsAt[] = ['capture', 'normalize', 'reconcile'];

/** An attempt that begins at an earlier stage does the later ones as well. */
const reads = (has: BeginsAt, wanted: BeginsAt): boolean => STAGES.indexOf(has) <= STAGES.indexOf(wanted);

/**
 * Whether an attempt above `after` has begun, its own earlier try's or a sibling exception's: it serves as well. While
 * an older one still runs, this fails for a later try: joining that one would carry out nothing.
 */
export async function isServed({ db }: Deps, wanted: WantedAttempt): Promise<boolean> {
  const latest = await latestAttempt(db, wanted.clientId, wanted.businessDate);
  if (latest && latest.attempt > wanted.after && reads(latest.beginsAt, wanted.beginsAt)) return true;
  if (latest?.open) throw stillRunning();
  return false;
}

/** Starts an attempt where `isServed` has found none. */
export async function startAttempt({ engine }: Deps, { after: _, ...input }: WantedAttempt): Promise<void> {
  if (!(await engine.startOwnClose(input))) throw stillRunning();
}

/** After so many tries the review rather waits for the end of the attempt that runs. */
const LAST_TRY = 10;

const stillRunning = () =>
  ApplicationFailure.create({
    message: 'an attempt of the day still runs',
    type: 'AttemptRunning',
    nonRetryable: activityInfo().attempt >= LAST_TRY,
  });
