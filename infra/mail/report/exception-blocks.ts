import { wordsOf } from '../../../domain/exception/choices.ts';
import { type Block, type Figure, heading, list, paragraph } from './blocks.ts';
import { decisionCommands, incidentCommands, showCommand } from './commands.ts';
import type { Comparison, DeadlinePassedView, EndedView, ExceptionView, HealingView } from './exception-view.ts';
import { instantIn, type MoneyFormat, printRecords, printWithCode, shortDate, shortInstantIn } from './format.ts';

/** What the system does by itself, and until when. */
function healingText({ rerun: { attempts, from, lastAt }, recipient }: HealingView): string {
  const at = instantIn(lastAt, recipient.timezone);
  const how = from === 'capture' ? 'reads the sources again' : 'takes what was captured';
  const often = attempts === 1 ? `once, at about ${at}` : `up to ${attempts} times, the last at about ${at}`;
  return `The system ${how} and closes the day anew by itself: ${often}.`;
}

/** To whoever would be asked: what was found, what the system does about it, and that there is nothing to do yet. */
export function healingBlocks(view: HealingView): Block[] {
  return [
    ...findingBlocks(view),
    paragraph(healingText(view)),
    paragraph('There is nothing for you to do yet. You are asked where that does not help, and told when it is over.'),
    ...comparisonBlocks(view.comparison, view),
    ...withholdsBlocks(view),
    { kind: 'commands', commands: [showCommand(view)] },
    ...consoleNote(view),
  ];
}

/** To the owner: what was found, the comparison, what was tried, what can be done and until when. */
export function openedBlocks(view: ExceptionView): Block[] {
  return [
    ...noteBlocks(view),
    ...findingBlocks(view),
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
    ...findingBlocks(view),
    ...facts(view),
    heading('What you can do'),
    { kind: 'commands', commands: [...incidentCommands(view), ...decisionCommands(view)] },
    ...consoleNote(view),
  ];
}

/** To everyone who was told: how it ended, and that nothing is left to do. */
export function endedBlocks(view: EndedView): Block[] {
  return [
    paragraph(view.outcome),
    paragraph(wordsOf(view.matter).after[view.state]),
    heading('What was found'),
    paragraph(view.finding),
    ...triedBlocks(view),
    ...consoleNote(view),
  ];
}

const digestHeading = (view: ExceptionView): Block =>
  heading(`${view.client.name}, ${shortDate(view.businessDate)}: ${view.metricTitle}`);

/** Several findings that the system tries to mend, in one mail. */
export const healingDigestBlocks = (views: readonly HealingView[]): Block[] => [
  paragraph('There is nothing for you to do yet. You are asked where it does not help, and told when each is over.'),
  ...views.flatMap((view) => [
    digestHeading(view),
    ...findingBlocks(view),
    paragraph(healingText(view)),
    { kind: 'commands' as const, commands: [showCommand(view)] },
  ]),
];

/** Several questions in one mail: each with its finding, its deadline and where to look. */
export function digestBlocks(views: readonly ExceptionView[]): Block[] {
  return views.flatMap((view) => [
    digestHeading(view),
    ...noteBlocks(view),
    ...findingBlocks(view),
    paragraph(`Please decide by ${instantIn(view.deadline, view.recipient.timezone)}.`, 'caution'),
    { kind: 'commands', commands: decisionCommands(view) },
  ]);
}

function noteBlocks({ note }: ExceptionView): Block[] {
  return note === undefined ? [] : [paragraph(note, 'caution')];
}

/** What was found, and what the month of the day means for it. */
function findingBlocks({ finding, monthNote }: ExceptionView): Block[] {
  return [paragraph(finding), ...(monthNote === null ? [] : [paragraph(monthNote)])];
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

function withholdsBlocks({ withholds, matter }: ExceptionView): Block[] {
  const { waits } = wordsOf(matter);
  return withholds.length === 0 || waits === null ? [] : [paragraph(`${waits}: ${withholds.join(', ')}.`)];
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
