import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** A reader may come back to a report for a quarter; afterwards it is asked for anew. */
const VALID_MS = 90 * 86_400_000;
const PURPOSE = 'meshline delivery page';
/** What stands before the `@` of a mail's own Message-ID. */
const MAIL = /^<([a-z]+\.[0-9a-f]{32})@meshline\.local>$/;
const TOKEN = /^([a-z]+\.[0-9a-f]{32})\.([0-9a-z]{1,9})\.([A-Za-z0-9_-]{43})$/;

/** `expired` and `altered` links name nothing: whoever holds one is told which of the two it is. */
export type ReadLink = { messageId: string } | { refused: 'expired' | 'altered' };

export type PageLinks = {
  /** The address of the page of one mail; null where this installation has no address, or where it is no mail. */
  linkTo(messageId: string, nowMs: number): string | null;
  /** What a token names, if it is ours and still valid. */
  read(token: string, nowMs: number): ReadLink;
};

/**
 * Makes and reads links to the pages of mails. Whoever has one may read that mail without signing in, as whoever has
 * the mail may; the key is derived from one outside the database, so that a copy of the database makes no links.
 */
export function pageLinks(auditKey: Buffer, publicUrl: string | null): PageLinks {
  const key = Buffer.from(hkdfSync('sha256', auditKey, Buffer.alloc(0), PURPOSE, 32));
  const sign = (name: string, expiry: string) =>
    createHmac('sha256', key).update(`${name}.${expiry}`).digest('base64url');
  return {
    linkTo(messageId, nowMs) {
      const name = MAIL.exec(messageId)?.[1];
      if (publicUrl === null || name === undefined) return null;
      const expiry = Math.floor((nowMs + VALID_MS) / 1000).toString(36);
      return `${publicUrl.replace(/\/$/, '')}/r/${name}.${expiry}.${sign(name, expiry)}`;
    },
    read(token, nowMs) {
      const [, name, expiry, mac] = TOKEN.exec(token) ?? [];
      if (name === undefined || expiry === undefined || mac === undefined) return { refused: 'altered' };
      // As text: some of the last character's bits say nothing, and another one would read as the same bytes.
      if (!timingSafeEqual(Buffer.from(sign(name, expiry)), Buffer.from(mac))) return { refused: 'altered' };
      if (Number.parseInt(expiry, 36) * 1000 < nowMs) return { refused: 'expired' };
      return { messageId: `<${name}@meshline.local>` };
    },
  };
}
