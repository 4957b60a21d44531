import { ApplicationFailure, activityInfo, log } from '@temporalio/activity';
import { isDefect } from '../../infra/failures/outage.ts';
import { loadDay } from '../../infra/postgres/close/attempt.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { nextQueued, type Outbox } from '../../infra/postgres/delivery/outbox.ts';
import { handoffExceptionsFoundBy } from '../../infra/postgres/handoff/exceptions.ts';
import { effectiveVersion } from '../../infra/postgres/model.ts';
import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';
import { handOnEvents } from '../events/hand-on.ts';
import { modelOfDay } from '../incident/context.ts';
import { type OpenedException, openedOf } from '../publish-findings.ts';
import { recordDelivery, type Settled } from './record.ts';
import { sendOnce } from './send.ts';
import { unforeseenWords } from './words.ts';

/**
 * One delivery that left the outbox: of which day, and the exceptions of that day's hand-offs that are open after it.
 */
export type LeftOutbox = { businessDate: string; exceptions: readonly OpenedException[] };

const hasWaitedLongEnough = ({ queued_at, patience_ms }: KeptDelivery): boolean =>
  Date.now() - queued_at!.getTime() >= Number(patience_ms);

/** The day as it stands: exceptions of hand-offs are found by its newest attempt. */
async function dayOf(db: Db, { client_id: clientId, business_date: businessDate }: KeptDelivery): Promise<DayKey> {
  const modelVersion = (await effectiveVersion(db, clientId, businessDate))!;
  const attempt = (await loadDay(db, clientId, businessDate))?.attempt ?? 0;
  return { clientId, businessDate, attempt, modelVersion };
}

/** Records how a delivery ended, and what that means for its day. */
async function leave(deps: Deps, delivery: KeptDelivery, sent: Settled): Promise<LeftOutbox> {
  const day = await dayOf(deps.db, delivery);
  await recordDelivery(deps, day, await modelOfDay(deps.db, delivery), delivery, sent);
  if (sent.status !== 'sent') await handOnEvents(deps, day.clientId, 'urgent');
  const exceptions = (await handoffExceptionsFoundBy(deps.db, day)).map(openedOf);
  return { businessDate: day.businessDate, exceptions };
}

async function send(deps: Deps, delivery: KeptDelivery): Promise<LeftOutbox> {
  const sent = await sendOnce(deps, delivery, hasWaitedLongEnough(delivery));
  // Not a defect: it is tried until its patience is over.
  if (sent.status === 'later') throw ApplicationFailure.retryable(sent.why, 'ReceiverUnavailable');
  return leave(deps, delivery, sent);
}

/** What nobody foresaw of one delivery keeps no other one waiting: it has failed, and a person looks at it. */
function giveUp(deps: Deps, delivery: KeptDelivery, error: unknown): Promise<LeftOutbox> {
  const why = unforeseenWords(error);
  log.error('A delivery was given up by an error that nobody foresaw.', { delivery: delivery.message_id, error });
  return leave(deps, delivery, { status: delivery.guarantee === 'at_most_once' ? 'uncertain' : 'failed', why });
}

/**
 * Sends the oldest delivery that waits for a destination; null where none does. While its receiver is away it fails for
 * a later try, so that nothing overtakes it; when its patience is over it is given up and the next one is reached. So it
 * is after a few tries that failed by an error of our own.
 */
export function createSendQueued(deps: Deps) {
  return async function sendQueued(outbox: Outbox): Promise<LeftOutbox | null> {
    const delivery = await nextQueued(deps.db, outbox);
    if (!delivery) return null;
    try {
      return await send(deps, delivery);
    } catch (error) {
      if (!isDefect(error, activityInfo().attempt)) throw error;
      return giveUp(deps, delivery, error);
    }
  };
}
