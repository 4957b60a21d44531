import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Whether every text of a value is one that the database can hold: no zero character, no half of a character. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return true;
  return Object.entries(value).every(([key, below]) => isStorable(key) && isStorable(below));
}

const isStream = (body: unknown): boolean => typeof (body as { pipe?: unknown } | null)?.pipe === 'function';

/** Throws a 400 for a request with text that cannot be kept; further in it would fail where nobody expects it. */
export function assertStorable({ body, params, query }: Pick<FastifyRequest, 'body' | 'params' | 'query'>): void {
  if (isStorable(params) && isStorable(query) && (isStream(body) || isStorable(body))) return;
  const detail =
    'The request holds a zero character or half of a character (U+0000, a lone surrogate). Send it without.';
  throw new Problem(400, 'unstorable-text', 'Text that cannot be kept', detail);
}
