import type { CloseException } from '../documents.ts';
import { plural, shellWord } from '../text.ts';

const MOST = 3;

export const isOpen = ({ state }: Pick<CloseException, 'state'>) => state !== 'resolved' && state !== 'rejected';

/** What a person does about exceptions that wait. */
export function nextForExceptions(exceptions: readonly CloseException[]): string | undefined {
  const open = exceptions.filter(isOpen);
  if (open.length === 0) return undefined;
  const lines = open.slice(0, MOST).map(({ id }) => `  npx meshline exceptions show ${shellWord(id)}`);
  const more =
    open.length > MOST ? [`  … and ${plural(open.length - MOST, 'more', 'more')}: npx meshline exceptions list`] : [];
  return ['Next: look at what waits, then decide', ...lines, ...more].join('\n');
}
