import { signatureOf } from './signature.ts';

export type WebhookRequest = {
  url: string;
  secret: string;
  /** JSON. */
  body: string;
  event: string;
  /** The same for every try of one event to one destination. */
  idempotencyKey: string;
  /** The whole request, to the first line of the answer; 10 s by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
};

/** `transient`: another try may succeed; `permanent`: this request will never be taken. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly kind: 'transient' | 'permanent';
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** The receiver may have taken it all the same: it was reached, and did not say that it refuses. */
  readonly mayBeTaken: boolean;

  constructor(kind: 'transient' | 'permanent', status: number | null, message: string, mayBeTaken = false) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.mayBeTaken = mayBeTaken;
  }
}

const TIMEOUT_MS = 10_000;
/** Refusals that say "not now". */
const NOT_NOW = new Set([408, 425, 429]);
/** A server that fails may have done its work first; only this one says that it did none. */
const UNAVAILABLE = 503;
/** Failures before a single byte of the request has left. */
const NEVER_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function failureOf(status: number, url: string): WebhookError {
  const { host } = new URL(url);
  if (status >= 300 && status < 400)
    return new WebhookError('permanent', status, `${host} answered ${status}: redirects are not followed`);
  const kind = status >= 500 || NOT_NOW.has(status) ? 'transient' : 'permanent';
  return new WebhookError(kind, status, `${host} answered ${status}`, status >= 500 && status !== UNAVAILABLE);
}

const isReached = (error: unknown): boolean =>
  !NEVER_REACHED.has((error as { cause?: { code?: string } }).cause?.code ?? '');

/** Of a failed connection its code says most; the text of `fetch` itself is always the same. */
function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return 'no answer in time';
  return cause?.code ?? cause?.message ?? message;
}

/**
 * Posts one signed event. At least once: after a lost answer the caller posts again under the same key. What the
 * receiver answers beside its status is not read. Throws WebhookError; and the signal's reason when the caller was
 * cancelled.
 */
export async function sendWebhook(request: WebhookRequest): Promise<{ status: number }> {
  const { url, secret, body, event, idempotencyKey, signal, timeoutMs = TIMEOUT_MS } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Meshline',
        'idempotency-key': idempotencyKey,
        'meshline-event': event,
        'meshline-signature': signatureOf(secret, body, Date.now()),
      },
      body,
    });
  } catch (error) {
    signal?.throwIfAborted();
    const message = `${new URL(url).host} could not be reached: ${reasonOf(error)}`;
    throw new WebhookError('transient', null, message, isReached(error));
  }
  await answer.body?.cancel();
  if (answer.ok) return { status: answer.status };
  throw failureOf(answer.status, url);
}
