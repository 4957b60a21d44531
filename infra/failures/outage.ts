import { TemporalFailure } from '@temporalio/common';

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** Postgres classes that say "not now": connection, resources, operator intervention, and rollbacks that ask for a retry. */
const NOT_NOW = /^(08|53|57|58|40)/;
const GONE = /terminat|closed|timeout exceeded when trying to connect|ECONNREFUSED|UNAVAILABLE|Connection/i;
const TRIES_FOR_THE_UNKNOWN = 5;

/** What storage or the engine cannot do now. */
export function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = String(code ?? '');
  return CONNECTION.has(text) || (text.length === 5 && NOT_NOW.test(text)) || GONE.test(String(message ?? ''));
}

/** Whether an error says itself what is to become of it: the code that threw it foresaw it, or its work was cancelled. */
export const isForeseen = (error: unknown): boolean =>
  error instanceof TemporalFailure || (error instanceof Error && error.name === 'AbortError');

/** Whether what is nobody's outage will not get better by itself: a mistake of the program, or tried often enough. */
export const isDefect = (error: unknown, attempt: number): boolean =>
  !isForeseen(error) &&
  !isOutage(error) &&
  (attempt >= TRIES_FOR_THE_UNKNOWN || error instanceof TypeError || error instanceof RangeError);
