import { createHash } from 'node:crypto';

/** Twelve hex digits that name what a message tells: the same content has the same name. */
export const contentName = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
