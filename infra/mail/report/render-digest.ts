import type { Block } from './blocks.ts';
import { blocksHtml } from './blocks-html.ts';
import { blocksText } from './blocks-text.ts';
import { CARD_END, mailDocument, section } from './document.ts';
import { digestBlocks, healingDigestBlocks } from './exception-blocks.ts';
import type { ExceptionView, HealingView } from './exception-view.ts';
import { html, visible } from './html.ts';
import { COLOUR, FONT } from './style.ts';
import { rule, tidy, wrap } from './text-layout.ts';
import type { RenderedMail } from './view.ts';

/** Several questions to one person as one mail. Pure; throws as `renderExceptionOpened`. */
export const renderDigest = (views: readonly ExceptionView[]): RenderedMail =>
  render(`${views.length} decisions needed`, views, digestBlocks(views));

/** Several findings that the system tries to mend, to one person as one mail. Pure; throws as `renderDigest`. */
export const renderHealingDigest = (views: readonly HealingView[]): RenderedMail =>
  render(`${views.length} findings, tried again by the system`, views, healingDigestBlocks(views));

function render(title: string, views: readonly ExceptionView[], blocks: Block[]): RenderedMail {
  const clients = [...new Set(views.map(({ client }) => client.name))];
  const subject = visible(`${title}: ${clients.join(', ')}`);
  const { name, timezone } = views[0]!.recipient;
  const reference = `Exceptions ${views.map(({ exceptionId }) => exceptionId).join(', ')}. Sent to ${name}, times in ${timezone}.`;
  return {
    subject,
    html: mailDocument({
      title: subject,
      preheader: clients.join(', '),
      sections: [
        section(
          html`<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${title}</h1>`,
          28,
        ),
        ...blocksHtml(blocks),
        CARD_END,
      ],
      footer: html`${reference}`,
    }),
    text: tidy([...wrap(title.toUpperCase()), rule(), ...blocksText(blocks), '', rule(), ...wrap(reference)]),
  };
}
