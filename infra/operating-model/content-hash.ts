import { createHash } from 'node:crypto';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, below]) => [key, sorted(below)]));
}

/**
 * Names a document by what it says (sha256, hex): the order of an object's keys, comments and the file that a part was
 * written in do not count; the order of a list does.
 */
export const contentHash = (document: object): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(document)))
    .digest('hex');
