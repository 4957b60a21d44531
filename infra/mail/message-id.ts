import { createHash } from 'node:crypto';

export type MailKind = 'report' | 'exception' | 'digest' | 'correction' | 'event' | 'incident';

/** The mail that another one answers to, and all that came before it, oldest first. */
export type MailThread = { inReplyTo: string; references: readonly string[] };

/**
 * The stable id of one mail: `<report.<hash>@meshline.local>`. The same delivery sent twice carries the same id, so a
 * mail program shows it once. `parts` identify the delivery (client, date, report version, destination).
 */
export function stableMessageId(kind: MailKind, parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  return `<${kind}.${hash}@meshline.local>`;
}
