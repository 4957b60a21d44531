import { cancellationSignal } from '@temporalio/activity';
import { isForeseen } from '../../infra/failures/outage.ts';
import { MailError } from '../../infra/mail/mail-error.ts';
import { sendMail } from '../../infra/mail/send.ts';
import { awaitAnother, beginTry, endTry, type TryEnd } from '../../infra/postgres/delivery/tries.ts';
import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import { secretVariable } from '../../infra/webhook/secrets.ts';
import { sendWebhook, WebhookError } from '../../infra/webhook/send.ts';
import type { Deps } from '../deps.ts';
import { unforeseenWords } from './words.ts';

export type SendDeps = Pick<Deps, 'db' | 'mail' | 'secretOf'>;

/** What became of a try. `later`: it may succeed another time; nothing is settled yet. */
export type Sent =
  | { status: 'sent'; number: number; end: TryEnd }
  | { status: 'failed' | 'uncertain'; why: string }
  | { status: 'later'; why: string };

async function mail({ mail: { transportUrl, from } }: SendDeps, one: KeptDelivery): Promise<number | null> {
  await sendMail({
    transportUrl,
    from,
    to: one.recipients,
    subject: one.subject,
    html: one.html,
    text: one.body_text,
    messageId: one.message_id,
    headers: { 'X-Meshline-Client': one.client_id, 'X-Meshline-Date': one.business_date },
    signal: cancellationSignal(),
  });
  return null;
}

async function post({ secretOf }: SendDeps, one: KeptDelivery): Promise<number | null> {
  const secret = secretOf(one.secret_ref!);
  if (secret === null)
    throw new WebhookError('permanent', null, `${secretVariable(one.secret_ref!)} is not set where the workers run`);
  const { status } = await sendWebhook({
    url: one.url!,
    secret,
    body: one.body_text,
    event: one.event!,
    idempotencyKey: one.message_id,
    signal: cancellationSignal(),
  });
  return status;
}

type Failure = MailError | WebhookError;

const isFailure = (error: unknown): error is Failure => error instanceof MailError || error instanceof WebhookError;

function endOf(error: Failure): TryEnd {
  const answered = error instanceof MailError ? error.replyCode : error.status;
  const said = answered === null ? 'unreached' : 'refused';
  return { outcome: error.mayBeTaken ? 'unknown' : said, answered, error: error.message };
}

/**
 * Of what may have been taken, a receiver that is to get it at most once hears no more; what was surely not taken is
 * tried again.
 */
async function settle(deps: SendDeps, one: KeptDelivery, error: Failure, isLast: boolean): Promise<Sent> {
  if (error.mayBeTaken && one.guarantee === 'at_most_once') return { status: 'uncertain', why: error.message };
  if (error.kind === 'permanent' || isLast) return { status: 'failed', why: error.message };
  await awaitAnother(deps.db, one.delivery_id);
  return { status: 'later', why: error.message };
}

/**
 * An error that nobody foresaw ends its try, but for a receiver that is to get it at most once: the next try finds that
 * one cut off, and is none.
 */
async function noted(deps: SendDeps, one: KeptDelivery, number: number, error: unknown): Promise<unknown> {
  if (isForeseen(error) || one.guarantee === 'at_most_once') return error;
  const end = { outcome: 'unknown', answered: null, error: unforeseenWords(error) } as const;
  await endTry(deps.db, one.delivery_id, number, end);
  return error;
}

/**
 * Tries a delivery once, as it was kept, under the key that it always has. The try is committed before anybody is
 * spoken to, so that a crash between the two is seen by the next one. What was sent is the caller's to settle.
 * @param isLast nobody is waited for any longer
 */
export async function sendOnce(deps: SendDeps, one: KeptDelivery, isLast: boolean): Promise<Sent> {
  const number = await beginTry(deps.db, one);
  if (number === null) return { status: 'uncertain', why: 'A try was cut off before its outcome was known.' };
  try {
    const answered = await (one.channel === 'email' ? mail(deps, one) : post(deps, one));
    return { status: 'sent', number, end: { outcome: 'sent', answered, error: null } };
  } catch (error) {
    if (!isFailure(error)) throw await noted(deps, one, number, error);
    await endTry(deps.db, one.delivery_id, number, endOf(error));
    return settle(deps, one, error, isLast);
  }
}
