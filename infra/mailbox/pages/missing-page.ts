import { html } from '../../mail/report/html.ts';
import { page } from './layout.ts';

export function missingPage(): string {
  const said = html`<div class="card empty"><h2>No such message</h2>
<p>It may have been deleted. <a href="/">See all messages</a>.</p></div>`;
  return page('No such message · Meshline', said);
}
