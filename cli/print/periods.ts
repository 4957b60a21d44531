import type { PeriodDocument } from '../documents.ts';
import type { PeriodVerb } from '../say-of-period.ts';
import { cleanLine, plural, shellWord, words } from '../text.ts';
import { adjustmentsText } from './adjustments.ts';
import { type Cell, heading, page, right, table, toned } from './table.ts';
import { amount, day, inReadersZone, moment, state } from './values.ts';

const because = (reason: string | null) => (reason === null ? '' : `: ${cleanLine(reason)}`);

function stateLines({ state: now, closed, locked, reopening }: PeriodDocument): string {
  return [
    `  State        ${state(now).text}`,
    ...(closed ? [`  Soft-closed  ${moment(closed.at)} by ${cleanLine(closed.by)}${because(closed.reason)}`] : []),
    ...(locked ? [`  Locked       ${moment(locked.at)} by ${cleanLine(locked.by)}${because(locked.reason)}`] : []),
    ...(locked ? [`  Content      sha256 ${locked.contentHash}`] : []),
    ...(reopening
      ? [`  Reopening    proposed by ${cleanLine(reopening.by)}, ${moment(reopening.at)}${because(reopening.reason)}`]
      : []),
  ].join('\n');
}

/** What came after the lock, as it is now: the checklist below is that of the lock. */
function lateText({ lateChanges: late }: PeriodDocument): string | undefined {
  if (late === null) return undefined;
  const [waiting, rejected] = [late.waiting.length, late.rejected.length];
  const line = `Late changes: ${waiting || 'none'} ${waiting > 1 ? 'wait' : 'waits'}, ${rejected || 'none'} rejected and not posted`;
  return waiting + rejected === 0 ? line : toned(line, 'caution');
}

const TONE = { ok: 'good', warn: 'caution', blocked: 'bad' } as const;

const checklistText = ({ checklist, locked }: PeriodDocument): string =>
  table(
    [locked ? 'Checklist at the lock' : 'Checklist', '', '', 'Next'],
    checklist.map((one): Cell[] => [
      words(one.item),
      { text: one.status, tone: TONE[one.status] },
      inReadersZone(one.what),
      one.next ?? '',
    ]),
  );

const revisionsText = ({ revisions }: PeriodDocument): string | undefined =>
  revisions.length === 0
    ? undefined
    : table(
        ['Revised', 'Metric', 'Version', 'Old', 'New', 'Why', 'By'],
        revisions.map((one): Cell[] => [
          day(one.businessDate),
          one.metric,
          right(String(one.version)),
          right(amount(one.old, one.currency)),
          right(amount(one.new, one.currency)),
          words(one.reason ?? ''),
          one.by,
        ]),
      );

function numbersText({ numbers, adjustments }: PeriodDocument): string {
  if (numbers.length === 0) return 'The month has no published numbers.';
  const several = new Set(numbers.map((one) => one.store)).size > 1;
  const adjusted = adjustments.length > 0;
  const head = [
    'Metric',
    ...(several ? ['Store'] : []),
    'Days',
    ...(adjusted ? ['Of its days', 'Prior periods'] : []),
    'Month',
  ];
  const rows = numbers.map((one): Cell[] => [
    one.metric,
    ...(several ? [one.store || 'all'] : []),
    right(String(one.days)),
    ...(adjusted ? [right(amount(one.ofDays)), right(amount(one.adjustments))] : []),
    right(amount(one.value, one.currency)),
  ]);
  return table(head, rows);
}

const timelineText = ({ timeline }: PeriodDocument): string | undefined =>
  timeline.length === 0
    ? undefined
    : [
        'History',
        ...timeline.map(({ at, actor, event }) => `  ${moment(at)}  ${cleanLine(`${actor}: ${event}`)}`),
      ].join('\n');

const ofMonth = ({ client, month }: PeriodDocument) => `--client ${shellWord(client)} --month ${month}`;

function nextText(one: PeriodDocument): string | undefined {
  if (one.reopening !== null)
    return `Next: another person agrees with \`npx meshline period reopen ${ofMonth(one)} --reason "why"\`, or keeps it locked with \`npx meshline period lock ${ofMonth(one)}\`.`;
  const [late] = one.lateChanges?.waiting ?? [];
  if (late) return `Next: decide on it with \`npx meshline exceptions show ${late.exception}\``;
  if (one.state === 'locked') return undefined;
  if (one.checklist.some(({ status }) => status === 'blocked')) return undefined;
  return one.state === 'open'
    ? `Next: \`npx meshline period close ${ofMonth(one)}\``
    : `Next: another person than ${cleanLine(one.closed?.by ?? '')} locks it with \`npx meshline period lock ${ofMonth(one)}\``;
}

/** A month whole, for who closes it. */
export function periodText(one: PeriodDocument): string {
  return page(
    heading(`${one.client}, ${one.month}`),
    stateLines(one),
    lateText(one),
    checklistText(one),
    revisionsText(one),
    numbersText(one),
    adjustmentsText('Of earlier months', one.adjustments),
    adjustmentsText('Changed since', one.adjustedSince),
    timelineText(one),
    nextText(one),
  );
}

const DONE: Readonly<Record<PeriodVerb, string>> = {
  close: 'soft-closed',
  lock: 'locked',
  reopen: 'open',
};

/** What became of a month. */
export function saidText(verb: PeriodVerb, one: PeriodDocument): string {
  const became =
    one.reopening === null
      ? `${one.month} of ${cleanLine(one.client)} is ${DONE[verb]}.`
      : `${one.month} of ${cleanLine(one.client)} is locked still: ${cleanLine(one.reopening.by)} has proposed to reopen it, and another person must agree.`;
  const adjusted = one.adjustedSince.length;
  return page(
    became,
    adjusted === 0 ? undefined : `${plural(adjusted, 'adjustment')} about it stand in later months.`,
    nextText(one),
  );
}
