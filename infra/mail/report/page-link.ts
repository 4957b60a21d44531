import { type Html, html } from './html.ts';
import { COLOUR } from './style.ts';

const WORDS = 'View in browser';

/** Where a mail can be read in a browser, as the last line of its page; nothing where it has no address. */
export const pageLinkHtml = (pageUrl: string | undefined): Html =>
  pageUrl === undefined
    ? html``
    : html`<br><a href="${pageUrl}" class="muted" style="color:${COLOUR.muted};">${WORDS}</a>`;

/** The same as text. A broken address leads nowhere: it stands on a line of its own, however long. */
export const pageLinkText = (pageUrl: string | undefined): string[] =>
  pageUrl === undefined ? [] : ['', `${WORDS}:`, pageUrl];
