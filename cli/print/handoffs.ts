import type { CloseHandoff } from '../documents.ts';
import { cleanLine, words } from '../text.ts';
import { toned } from './table.ts';
import { due } from './values.ts';

const UNWELL: readonly CloseHandoff['state'][] = ['refused', 'missed'];

function unwellLine({ kind, subject, receiver, state, deadline, exception }: CloseHandoff): string {
  const what = kind === 'person' ? `the question to ${receiver}` : `${cleanLine(subject)} to ${receiver}`;
  const until = deadline === null ? '' : `, due ${due(deadline)}`;
  return toned(`  ${words(state)}: ${what}${until}${exception === null ? '' : `, exception ${exception}`}`, 'bad');
}

/** How many hand-offs of a day are in which state, and each that was refused or missed. */
export function handoffsText(handoffs: readonly CloseHandoff[]): string | undefined {
  if (handoffs.length === 0) return undefined;
  const counts = [...Map.groupBy(handoffs, (one) => one.state)].map(([state, of]) => `${of.length} ${words(state)}`);
  const unwell = handoffs.filter((one) => UNWELL.includes(one.state));
  return [`Hand-offs: ${counts.join(', ')}.`, ...unwell.map(unwellLine)].join('\n');
}
