import { type Block, type Figure, heading, list, paragraph } from './blocks.ts';
import { decisionCommands, incidentCommands } from './commands.ts';
import type { Comparison, DeadlinePassedView, EndedView, ExceptionView } from './exception-view.ts';
import { instantIn, type MoneyFormat, printRecords, printWithCode, shortDate, shortInstantIn } from './format.ts';

/** To the owner: what was found, the comparison, what was tried, what can be done and until when. */
export function openedBlocks(view: ExceptionView): Block[] {
  return [
    ...noteBlocks(view),
    paragraph(view.finding),
    paragraph(
      `Please decide by ${instantIn(view.deadline, view.recipient.timezone)}. After that it goes to ${view.escalateTo}.`,
      'caution',
    ),
    ...facts(view),
    heading('What you can do'),
    { kind: 'commands', commands: decisionCommands(view) },
    ...consoleNote(view),
  ];
}

/** To the one it was escalated to: who had it, since when it is overdue, and the same facts. */
export function deadlinePassedBlocks(view: DeadlinePassedView): Block[] {
  const passed = `The deadline passed on ${instantIn(view.deadline, view.recipient.timezone)} without a decision by ${view.owner}. It is now with ${view.escalateTo}.`;
  return [
    paragraph(passed, 'alert'),
    ...incidentNote(view),
    paragraph(view.finding),
    ...facts(view),
    heading('What you can do'),
    { kind: 'commands', commands: [...incidentCommands(view), ...decisionCommands(view)] },
    ...consoleNote(view),
  ];
}

/** To everyone who was told: how it ended, and that nothing is left to do. */
export function endedBlocks(view: EndedView): Block[] {
  const next =
    view.state === 'resolved'
      ? 'What was withheld for it goes out with the day. There is nothing left for you to do.'
      : 'Nothing of the day goes out until someone runs it anew.';
  return [
    paragraph(view.outcome),
    paragraph(next),
    heading('What was found'),
    paragraph(view.finding),
    ...triedBlocks(view),
    ...consoleNote(view),
  ];
}

/** Several questions in one mail: each with its finding, its deadline and where to look. */
export function digestBlocks(views: readonly ExceptionView[]): Block[] {
  return views.flatMap((view) => [
    heading(`${view.client.name}, ${shortDate(view.businessDate)}: ${view.metricTitle}`),
    ...noteBlocks(view),
    paragraph(view.finding),
    paragraph(`Please decide by ${instantIn(view.deadline, view.recipient.timezone)}.`, 'caution'),
    { kind: 'commands', commands: decisionCommands(view) },
  ]);
}

function noteBlocks({ note }: ExceptionView): Block[] {
  return note === undefined ? [] : [paragraph(note, 'caution')];
}

function facts(view: ExceptionView): Block[] {
  return [...comparisonBlocks(view.comparison, view), ...withholdsBlocks(view), ...triedBlocks(view)];
}

function comparisonBlocks(comparison: Comparison | null, money: MoneyFormat): Block[] {
  if (comparison === null) return [];
  const amount = (value: string) => printWithCode(value, money.currency, money);
  const items = comparison.reconcilingItems.map(({ cause, amount: value, records }) =>
    figure(`of which ${cause}${records === 0 ? '' : ` (${printRecords(records)})`}`, amount(value)),
  );
  const rows = [
    figure('Ours', amount(comparison.ours)),
    figure('Theirs', amount(comparison.theirs)),
    figure('Difference (ours less theirs)', amount(comparison.difference), true),
    ...items,
    figure('Unreconciled difference', amount(comparison.unreconciled), true),
  ];
  return [heading(`Ours and theirs by ${comparison.control}`), { kind: 'figures', rows }];
}

function withholdsBlocks({ withholds }: ExceptionView): Block[] {
  return withholds.length === 0 ? [] : [paragraph(`Withheld until then: ${withholds.join(', ')}.`)];
}

function triedBlocks({ tried, recipient }: ExceptionView): Block[] {
  if (tried.length === 0)
    return [heading('What was tried'), paragraph('Nothing: this finding cannot heal by a retry.')];
  const items = tried.map(({ at, what, outcome }) => `${shortInstantIn(at, recipient.timezone)}: ${what}. ${outcome}`);
  return [heading('What was tried'), list(items)];
}

function incidentNote({ incident }: DeadlinePassedView): Block[] {
  return incident === null ? [] : [paragraph(`Incident ${incident.id} is open, severity ${incident.severity}.`)];
}

function consoleNote({ consoleUrl }: ExceptionView): Block[] {
  return consoleUrl === null ? [] : [paragraph(`The same in the console: ${consoleUrl}`)];
}

function figure(label: string, value: string, strong = false): Figure {
  return { label, value, strong };
}
