import type { ExceptionDocument } from '../documents.ts';
import { cleanLine, plural, words } from '../text.ts';
import { type Cell, right, table } from './table.ts';
import { amount, attemptState, day, moment } from './values.ts';

type Workspace = ExceptionDocument['workspace'];
/** So many records of an item are shown; the JSON has more. */
const SHOWN_RECORDS = 3;

function bridgeText({ bridge }: Workspace): string | undefined {
  const rows = bridge.flatMap(({ kind, detail, amount: value, records, largest }): Cell[][] => [
    [[words(kind), detail].filter(Boolean).join(', '), right(amount(value)), right(plural(records, 'record'))],
    ...largest
      .slice(0, SHOWN_RECORDS)
      .map((one): Cell[] => [`  ${[one.key, one.place].filter(Boolean).join(', ')}`, right(amount(one.amount)), '']),
  ]);
  return rows.length === 0 ? undefined : table(['Reconciling item', 'Amount', 'Records'], rows);
}

function historyText({ history }: Workspace): string | undefined {
  if (history.length === 0) return undefined;
  const rows = history.map((one): Cell[] => [
    day(one.businessDate),
    right(amount(one.value, one.currency)),
    words(one.certificate),
  ]);
  return table(['The same weekday', 'Published', 'Certificate'], rows);
}

function sourcesText({ lineage }: Workspace): string | undefined {
  if (lineage.upstream.length === 0) return undefined;
  const rows = lineage.upstream.map(({ source, owner, records, quarantined, captures, transform }): Cell[] => {
    const [newest] = captures;
    return [
      source,
      right(String(records)),
      right(String(quarantined)),
      newest ? moment(newest.at) : 'nothing captured',
      transform ?? '—',
      owner,
    ];
  });
  return table(['Read from', 'Records', 'Quarantined', 'Captured', 'Transform', 'Owner'], rows);
}

/** What waits for a decision, and where it would go. */
function downstreamText({ lineage: { downstream } }: Workspace): string | undefined {
  const { metrics, report, destinations } = downstream;
  if (metrics.length === 0) return undefined;
  const readers = destinations.length === 0 ? '' : `, to ${destinations.map(cleanLine).join(', ')}`;
  return `Held back: ${metrics.map(cleanLine).join(', ')}, for the report ${cleanLine(report)}${readers}.`;
}

function endOf({ error, ...attempt }: Workspace['tried'][number]): string {
  const came = attemptState(attempt).text;
  return error === null ? came : `${came}: ${cleanLine(error)}`;
}

function triedText({ tried }: Workspace): string | undefined {
  if (tried.length === 0) return undefined;
  const lines = tried.map(
    (one) =>
      `  ${moment(one.startedAt)}  attempt ${one.attempt} from ${one.beginsAt} (${words(one.cause)}): ${endOf(one)}`,
  );
  return ['Tried', ...lines].join('\n');
}

/** What a person needs to find the cause, part by part; parts without content are left out. */
export const workspaceParts = (workspace: Workspace): (string | undefined)[] => [
  bridgeText(workspace),
  historyText(workspace),
  sourcesText(workspace),
  downstreamText(workspace),
  triedText(workspace),
];
