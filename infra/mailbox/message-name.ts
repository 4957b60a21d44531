import { createHash, type Hash } from 'node:crypto';

const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z-[0-9a-f]{16}$/;

/** `2026-11-24T22-05-09.123Z-<16 hex of the content's hash>`: names sort by the instant of receipt, on any file system. */
export function messageName(receivedAt: Date, content: Hash): string {
  return `${receivedAt.toISOString().replaceAll(':', '-')}-${content.digest('hex').slice(0, 16)}`;
}

/** The ISO instant in a name, null where the file was not stored by the mailbox. */
export function instantOf(name: string): string | null {
  const [, date, hour, minute, second] = NAME.exec(name) ?? [];
  return date === undefined ? null : `${date}T${hour}:${minute}:${second}Z`;
}

/** True for an id that can only mean a file inside the mailbox's folder. */
export function isMessageId(id: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}$/.test(id);
}

export function contentHash(): Hash {
  return createHash('sha256');
}
