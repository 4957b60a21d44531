import type { Block } from './blocks.ts';
import { edges, hanging, wrap } from './text-layout.ts';

/** The same blocks as plain text, at most 72 columns; a command keeps its line whole, so that it can be pasted. */
export function blocksText(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, i) => (afterText(blocks[i - 1], block) ? ['', ...blockText(block)] : blockText(block)));
}

/** A paragraph stands apart from what precedes it, except from its own heading; commands end with a blank line themselves. */
function afterText(before: Block | undefined, block: Block): boolean {
  return block.kind === 'paragraph' && before !== undefined && before.kind !== 'heading' && before.kind !== 'commands';
}

export function headingText(text: string): string[] {
  return ['', ...wrap(text.toUpperCase())];
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      return headingText(block.text);
    case 'paragraph':
      return wrap(block.text);
    case 'list':
      return block.items.flatMap((item, i) => hanging(block.numbered ? `${i + 1}.` : '-', item));
    case 'figures':
      return block.rows.flatMap(({ label, value }) => edges(label, value));
    case 'commands':
      return block.commands.flatMap(({ title, effect, line }) => [...wrap(`${title}: ${effect}`), `  ${line}`, '']);
    default:
      return block satisfies never;
  }
}
