import type { CloseControl, CloseDocument, CloseException, CloseMetric } from '../documents.ts';
import { cleanLine, plural, words } from '../text.ts';
import { handoffsText } from './handoffs.ts';
import { nextForExceptions } from './next.ts';
import { standingText } from './period-standing.ts';
import { quarantinedText } from './quarantined.ts';
import { reasonText } from './reasons.ts';
import { type Cell, heading, page, right, table, toned } from './table.ts';
import { amount, day, due, moment, state } from './values.ts';

type Captured = Pick<CloseDocument, 'captured' | 'quarantined'>;

/** Amounts that nobody knows are in no sum. Of records beyond those that are listed it is not told which. */
function suspenseText({ captured: { quarantined: count, inSuspense }, quarantined }: Captured): string {
  const unknown = quarantined.filter((record) => record.amount === null).length;
  const held = `${amount(inSuspense)} held in suspense`;
  if (unknown === 0) return `${count} quarantined, ${held}`;
  if (unknown === count) return `${count} quarantined (${count === 1 ? 'amount' : 'amounts'} not known)`;
  const some = count > quarantined.length ? 'at least ' : '';
  return `${count} quarantined, ${held} (${some}${plural(unknown, 'amount')} not known)`;
}

/** What was read of a day. */
export function capturedText(day: Captured): string {
  const { records, quarantined, duplicates } = day.captured;
  const kept = quarantined === 0 ? 'none quarantined' : suspenseText(day);
  return `Captured ${plural(records, 'record')}: ${kept}, ${plural(duplicates, 'duplicate')}.`;
}

/** `net_sales · store · member` */
export const nameOf = ({ metric, store, slice }: { metric: string; store?: string; slice?: string | null }) =>
  [metric, store, slice].filter(Boolean).join(' · ');

/** Totals and slices; a number that is not published has a dash. */
export function metricsTable(metrics: readonly Partial<CloseMetric>[]): string {
  if (metrics.length === 0) return 'No numbers.';
  const rows = metrics.map((one): Cell[] => [
    nameOf({ ...one, metric: one.metric ?? '' }),
    right(amount(one.value, one.currency)),
    right(one.version ? String(one.version) : '—'),
    state(one.status),
    state(one.certificate),
  ]);
  return table(['Metric', 'Value', 'Version', 'Status', 'Certificate'], rows);
}

/** Why numbers are withheld or lapsed; one finding often holds back many. */
export function reasonsText(
  metrics: readonly Pick<CloseMetric, 'metric' | 'store' | 'slice' | 'status' | 'reason'>[],
): string | undefined {
  const byReason = Map.groupBy(
    metrics.filter(({ reason }) => reason),
    ({ reason, status }) => `${status === 'withheld' ? 'Withheld' : 'Lapsed'}: ${reasonText(reason ?? '')}`,
  );
  const lines = [...byReason].map(([reason, of]) => `${reason}\n  ${of.map(nameOf).join(', ')}`);
  return lines.length === 0 ? undefined : lines.join('\n');
}

const itemRows = ({ reconcilingItems }: CloseControl): Cell[][] =>
  reconcilingItems.map(({ kind, amount: value, records }) => [
    { text: `└ ${words(kind)}, ${plural(records, 'record')}`, tone: 'quiet' },
    '',
    '',
    '',
    right(amount(value), 'quiet'),
    '',
    '',
  ]);

/** Each control with its reconciling items below it. */
export function controlsTable(controls: readonly CloseControl[]): string | undefined {
  if (controls.length === 0) return undefined;
  const rows = controls.flatMap((control): Cell[][] => [
    [
      [control.control, control.store, control.slice].filter(Boolean).join(' · '),
      control.metric,
      right(amount(control.ours)),
      right(amount(control.theirs)),
      right(amount(control.difference)),
      right(amount(control.unreconciled)),
      state(control.status),
    ],
    ...itemRows(control),
  ]);
  return table(['Control', 'Metric', 'Ours', 'Theirs', 'Difference', 'Unreconciled', 'Status'], rows);
}

export function exceptionsTable(exceptions: readonly CloseException[]): string | undefined {
  if (exceptions.length === 0) return undefined;
  const rows = exceptions.map(({ id, kind, metric, owner, state: now, deadline }): Cell[] => [
    id,
    words(kind),
    metric ?? '—',
    owner,
    state(now),
    due(deadline),
  ]);
  return table(['Exception', 'Kind', 'Metric', 'Owner', 'State', 'Decide by'], rows);
}

function lapsedText({ lapsed, lapsedDays }: Partial<CloseDocument>): string | undefined {
  if (lapsed) return toned(`Lapsed ${moment(lapsed.at)}: ${lapsed.reason}`, 'caution');
  return lapsedDays?.length ? toned(`Lapsed days of this client: ${lapsedDays.join(', ')}`, 'caution') : undefined;
}

function awaitedText({ waitingFor = [] }: CloseDocument): string | undefined {
  const lines = waitingFor.map(({ source, file, until }) =>
    toned(`Waits for ${source}: ${cleanLine(file)}, until ${due(until)}`, 'caution'),
  );
  return lines.length === 0 ? undefined : lines.join('\n');
}

function errorText({ error, status }: CloseDocument): string | undefined {
  if (!error) return undefined;
  return toned(status === 'cancelled' ? cleanLine(error) : `Error: ${error}`, 'bad');
}

function unmatchedText({ unmatchedEvents = 0 }: CloseDocument): string | undefined {
  if (unmatchedEvents === 0) return undefined;
  const found = `${plural(unmatchedEvents, 'event')} met no routing rule, though rules speak of such events.`;
  return toned(found, 'quiet');
}

/** One business day, for a person. */
export function closeText(close: CloseDocument): string {
  const status = state(close.status);
  const stage = close.status === 'running' && close.stage ? `, at ${words(close.stage)}` : '';
  return page(
    `${heading(`${close.client}, ${day(close.businessDate)}`)}: ${toned(status.text, status.tone)} (attempt ${close.attempt}${stage})`,
    errorText(close),
    awaitedText(close),
    lapsedText(close),
    standingText(close.period),
    capturedText(close),
    quarantinedText(close.quarantined, close.captured.quarantined),
    metricsTable(close.metrics),
    reasonsText(close.metrics),
    controlsTable(close.controls),
    handoffsText(close.handoffs),
    exceptionsTable(close.exceptions),
    unmatchedText(close),
    nextForExceptions(close.exceptions),
  );
}
