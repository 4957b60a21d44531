import type { Block, Command, Figure } from './blocks.ts';
import { section, sectionTitle } from './document.ts';
import { type Html, html, unbroken } from './html.ts';
import { COLOUR, FIGURE, FONT, MONO, toneStyle } from './style.ts';

/** Each heading opens a section of the card; what stands before the first has a section of its own. */
export function blocksHtml(blocks: readonly Block[]): Html[] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' || groups.length === 0) groups.push([]);
    groups.at(-1)?.push(block);
  }
  return groups.map((group) => section(html`${group.map(blockHtml)}`));
}

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'heading':
      return sectionTitle(block.text);
    case 'paragraph':
      return paragraphHtml(block);
    case 'list':
      return listHtml(block);
    case 'figures':
      return figuresHtml(block.rows);
    case 'commands':
      return html`${block.commands.map(commandHtml)}`;
    default:
      return block satisfies never;
  }
}

function paragraphHtml({ text, tone }: Extract<Block, { kind: 'paragraph' }>): Html {
  if (tone === null) {
    return html`<p class="ink" style="margin:0 0 10px;${FONT}font-size:14px;line-height:21px;color:${COLOUR.ink};">${text}</p>`;
  }
  return html`<div class="${tone}" style="${toneStyle(tone)}border-radius:8px;padding:11px 14px;margin:0 0 10px;${FONT}font-size:14px;line-height:21px;">${text}</div>`;
}

function listHtml({ items, numbered }: Extract<Block, { kind: 'list' }>): Html {
  const row = (item: string, i: number) => html`<tr>
<td class="muted" width="20" style="width:20px;vertical-align:top;padding:0 0 6px;color:${COLOUR.muted};">${numbered ? `${i + 1}` : '\u2022'}</td>
<td role="listitem" class="ink" style="vertical-align:top;padding:0 0 6px;color:${COLOUR.ink};">${item}</td>
</tr>`;
  return html`<table role="list" width="100%" cellpadding="0" cellspacing="0" border="0" style="${FONT}font-size:14px;line-height:21px;">${items.map(row)}</table>`;
}

function figuresHtml(rows: readonly Figure[]): Html {
  const row = ({ label, value, strong }: Figure) => html`<tr>
<th scope="row" class="ink line" style="padding:8px 0;border-top:1px solid ${COLOUR.line};text-align:left;font-weight:${strong ? 700 : 400};color:${COLOUR.ink};">${label}</th>
<td class="ink line" style="padding:8px 0 8px 14px;border-top:1px solid ${COLOUR.line};text-align:right;vertical-align:top;font-weight:${strong ? 700 : 400};color:${COLOUR.ink};${FIGURE}">${value}</td>
</tr>`;
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 10px;${FONT}font-size:14px;line-height:20px;">${rows.map(row)}</table>`;
}

function commandHtml({ title, effect, line }: Command): Html {
  return html`<p class="ink" style="margin:0 0 5px;${FONT}font-size:14px;line-height:21px;color:${COLOUR.ink};"><strong>${title}</strong>: ${effect}</p>
<div class="panel ink" style="background-color:${COLOUR.panel};border:1px solid ${COLOUR.line};border-radius:6px;padding:9px 12px;margin:0 0 14px;${MONO}font-size:12px;line-height:18px;color:${COLOUR.ink};word-break:break-word;">${commandLine(line)}</div>`;
}

/** An option breaks before its dashes, never after them. */
function commandLine(line: string): Html {
  const words = line.split(' ').map((word) => (word.startsWith('--') ? unbroken(word) : html`${word}`));
  return html`${words.map((word, i) => (i === 0 ? word : html` ${word}`))}`;
}
