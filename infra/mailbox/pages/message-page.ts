import { type Html, html } from '../../mail/report/html.ts';
import type { ListedMessage } from '../catalogue.ts';
import type { MessageBody } from '../read-message.ts';
import { lines, page, readableTime } from './layout.ts';
import { repeatMark } from './list-page.ts';

const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** One message: who, when and what; its HTML in a frame that runs and loads nothing; its text and headers below. */
export function messagePage(message: ListedMessage, body: MessageBody | null): string {
  const title = message.unreadable ? 'Unreadable message' : message.subject || '(no subject)';
  const content = html`<p><a href="/">← Mailbox</a></p>
<header><h1>${title}${repeatMark(message)}</h1></header>
<div class="card">${facts(message, body)}${shownBody(message, body)}</div>
${textPart(body)}${headerPart(message)}`;
  return page(`${title} · Meshline`, content);
}

/** The HTML part on its own; links open in a tab of their own, for the frame shows this message only. */
export function messageFrame(markup: string): string {
  const target = '<base target="_blank">';
  const head = /<head[^>]*>/i.exec(markup);
  if (head === null) return `<!doctype html>${target}${markup}`;
  const end = head.index + head[0].length;
  return markup.slice(0, end) + target + markup.slice(end);
}

function facts(message: ListedMessage, body: MessageBody | null): Html {
  const attached = body?.attachments.map(({ fileName, bytes }) => `${fileName} (${bytes} bytes)`).join(', ');
  const rows: [string, string | Html | undefined][] = [
    ['From', message.from],
    ['To', message.to.join(', ')],
    ['Received', readableTime(message.receivedAt)],
    ['Attached', attached],
    ['Original', html`<a href="/messages/${message.id}/raw">download as it came</a>`],
  ];
  return html`<dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value ?? ''}</dd>`)}</dl>`;
}

function shownBody(message: ListedMessage, body: MessageBody | null): Html {
  if (body?.html)
    return html`<iframe title="Message" sandbox="${SANDBOX}" src="/messages/${message.id}/html"></iframe>`;
  if (body?.text) return html`<pre>${lines(body.text)}</pre>`;
  return html`<p class="said muted">${body === null ? UNREADABLE : 'The message has no text.'}</p>`;
}

const UNREADABLE =
  'The stored file holds no message that can be read. It was kept as it is; download it to look inside.';

function textPart(body: MessageBody | null): Html | null {
  if (!body?.html || !body.text) return null;
  return html`<details class="card"><summary>As plain text</summary><pre>${lines(body.text)}</pre></details>`;
}

function headerPart({ headers }: ListedMessage): Html | null {
  const lines = Object.entries(headers);
  if (lines.length === 0) return null;
  return html`<details class="card"><summary>Headers</summary><dl class="facts said">${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></details>`;
}
