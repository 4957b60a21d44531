import type { SourceCheck, UploadedFile } from '../documents.ts';
import { cleanLine, shellWord } from '../text.ts';
import { table } from './table.ts';
import { state } from './values.ts';

export function checkText({ sources }: SourceCheck): string {
  if (sources.length === 0) return 'This client has no sources.';
  return table(
    ['Source', 'Status', 'What was found'],
    sources.map(({ source, status, message }) => [source, state(status), message]),
  );
}

export function uploadedText({ client, source, businessDate, fileName, bytes, changed }: UploadedFile): string {
  const what = changed ? `is received (${bytes.toLocaleString('en')} bytes)` : 'was there already; nothing was changed';
  const next = `npx meshline close run --client ${shellWord(client)} --date ${businessDate} --wait`;
  return `${cleanLine(fileName)} of ${source}, ${businessDate}: ${what}.\n\nNext: close the day with \`${next}\`.`;
}
