import { type Html, html } from '../../mail/report/html.ts';
import type { ListedMessage } from '../catalogue.ts';
import { page, readableTime } from './layout.ts';

const MAILS_A_PAGE = 200;
const REFRESH_SECONDS = 20;

/** The list, newest first, from the message after `before` on; the first page renews itself. */
export function listPage(messages: readonly ListedMessage[], before: string | null): string {
  const rest = messages.slice(messages.findIndex(({ id }) => id === before) + 1);
  const shown = rest.slice(0, MAILS_A_PAGE);
  const content =
    messages.length === 0 ? nothingYet() : html`<div class="card"><ul class="mails">${shown.map(line)}</ul></div>`;
  const top = html`<header><h1>Mailbox</h1><span class="muted">${counted(messages.length)}</span></header>`;
  const refresh = before === null ? REFRESH_SECONDS : null;
  return page('Mailbox · Meshline', html`${top}${content}${olderLink(rest.length, shown.at(-1))}`, refresh);
}

function counted(messages: number): string {
  if (messages === 0) return 'nothing leaves this machine';
  return `${messages === 1 ? '1 message' : `${messages} messages`} · nothing leaves this machine`;
}

function nothingYet(): Html {
  return html`<div class="card empty"><h2>No mail yet</h2>
<p>The nightly reports of your clients appear here once a day has closed, and the notices to the people who are asked
for a decision. Start one with <code>meshline close run</code>.</p></div>`;
}

function line(message: ListedMessage): Html {
  return html`<li><a class="mail" href="/messages/${message.id}">
<span class="muted">${readableTime(message.receivedAt)}</span>
<span class="muted">${message.to.join(', ')}</span>
<span class="subject"><span>${subject(message)}</span>${repeatMark(message)}</span></a></li>`;
}

function subject({ subject, unreadable }: ListedMessage): Html {
  if (unreadable) return html`<span class="mark alert">unreadable</span>`;
  return html`${subject || '(no subject)'}`;
}

/** The same mail again under its Message-ID: a mail program would show it once. */
export function repeatMark({ repeats }: ListedMessage): Html | null {
  return repeats === 0 ? null : html`<span class="mark">sent again</span>`;
}

function olderLink(left: number, last: ListedMessage | undefined): Html | null {
  if (last === undefined || left <= MAILS_A_PAGE) return null;
  return html`<p class="pages"><a href="/?before=${last.id}">Older messages (${left - MAILS_A_PAGE})</a></p>`;
}
