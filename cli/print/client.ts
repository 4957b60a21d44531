import type { AppliedModel, ClientList } from '../documents.ts';
import { problemLines } from '../output.ts';
import { shellWord } from '../text.ts';
import { heading, page, right, table } from './table.ts';
import { day, state } from './values.ts';

const warningsText = (warnings: NonNullable<AppliedModel['warnings']>): string =>
  [heading('Warnings: applied, and without effect as it stands'), ...warnings.flatMap(problemLines)].join('\n');

function becameText({ client, version, changed }: AppliedModel): string {
  if (!changed) return `${client}: the document says what version ${version} says; nothing was changed.`;
  return `${client}: version ${version} is applied.\n\nNext: create its nightly schedule with \`npx meshline close schedule --client ${shellWord(client)}\`.`;
}

/** What applying a document has done, and what in it has no effect. */
export function appliedText(applied: AppliedModel): string {
  const { warnings = [] } = applied;
  return warnings.length === 0 ? becameText(applied) : [becameText(applied), warningsText(warnings)].join('\n\n');
}

export function clientsText({ clients }: ClientList): string {
  if (clients.length === 0) return 'There are no clients yet. Apply one with `npx meshline client apply FILE`.';
  const rows = clients.map(({ id, name, version, timezone, currency, lastDay }) => [
    id,
    name,
    right(String(version)),
    timezone,
    currency,
    lastDay ? day(lastDay.businessDate) : '—',
    state(lastDay?.status),
  ]);
  return page(table(['Client', 'Name', 'Version', 'Time zone', 'Currency', 'Last day', 'Status'], rows));
}
