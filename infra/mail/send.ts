import {
  failureDetail,
  failureKind,
  MailError,
  type MailErrorKind,
  mailErrorFrom,
  type SmtpFailure,
} from './mail-error.ts';
import type { MailThread } from './message-id.ts';
import { type SmtpTarget, smtpTarget } from './smtp-url.ts';
import { pooledTransport } from './transports.ts';

export interface MailRequest {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  transportUrl: string;
  from: string;
  to: readonly string[];
  subject: string;
  html: string;
  text: string;
  /** From `stableMessageId`. */
  messageId: string;
  /** What it answers to; a mail program shows both as one conversation. */
  thread?: MailThread;
  /** Names begin with `X-Meshline-`. */
  headers: Readonly<Record<string, string>>;
  /** The whole send, from the queue to the server's answer; 60 s by default. */
  timeoutMs?: number;
  /** Ends the send when the caller is cancelled. */
  signal?: AbortSignal;
}

export interface MailReceipt {
  messageId: string;
  accepted: string[];
  /** Recipients that the server refused while it took the mail for others. */
  rejected: { address: string; kind: MailErrorKind; detail: string }[];
  /** The server's answer, for the delivery's record. */
  response: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/**
 * Sends one mail over the pooled connection of its SMTP URL. At least once: after a lost answer the caller sends again, with
 * the same Message-ID. Throws MailError (`kind` transient or permanent) when no recipient was accepted; no text of it holds
 * the URL's credentials. Throws the signal's reason when the caller was cancelled.
 */
export async function sendMail(request: MailRequest): Promise<MailReceipt> {
  const target = smtpTarget(request.transportUrl);
  assertIdentified(request);
  const timeout = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  try {
    const info = await pooledTransport(target).sendMail({ ...message(request), signal });
    return receipt(request.messageId, info, target);
  } catch (error) {
    request.signal?.throwIfAborted();
    throw mailErrorFrom(
      timeout.aborted ? { code: 'ETIMEDOUT', message: 'no answer in time' } : (error as SmtpFailure),
      target.where,
      target.secrets,
    );
  }
}

function message({ from, to, subject, html, text, messageId, thread, headers }: MailRequest) {
  const answersTo = thread && { inReplyTo: thread.inReplyTo, references: [...thread.references] };
  return { from, to: [...to], subject, html, text, messageId, ...answersTo, headers: { ...AUTOMATIC, ...headers } };
}

function assertIdentified({ to, messageId, headers }: MailRequest): void {
  const foreign = Object.keys(headers).find((name) => !/^X-Meshline-[A-Za-z0-9-]+$/.test(name));
  if (to.length === 0)
    throw new MailError('permanent', null, 'Mail has no recipient; name people in the destination\u2019s `to`');
  if (!/^<[^<>@\s]+@[^<>@\s]+>$/.test(messageId)) {
    throw new MailError(
      'permanent',
      null,
      `Message-ID "${messageId}" is not of the form <name@host>; make it with stableMessageId`,
    );
  }
  if (foreign !== undefined) {
    throw new MailError('permanent', null, `Header "${foreign}" is not ours to set; names begin with X-Meshline-`);
  }
}

interface SentInfo {
  accepted?: readonly unknown[];
  response?: string;
  rejectedErrors?: readonly SmtpFailure[];
}

function receipt(messageId: string, info: SentInfo, { secrets }: SmtpTarget): MailReceipt {
  const rejected = (info.rejectedErrors ?? []).map((failure) => ({
    address: failure.recipient ?? '',
    kind: failureKind(failure),
    detail: failureDetail(failure, secrets),
  }));
  const accepted = (info.accepted ?? []).map(String);
  return { messageId, accepted, rejected, response: failureDetail({ response: info.response }, secrets) };
}
