import { choicesOf } from '../../../domain/exception/choices.ts';
import type { Command } from './blocks.ts';
import type { DeadlinePassedView, ExceptionView } from './exception-view.ts';

const REASON = '--reason "your reason"';

/**
 * What the reader can do about the exception, each with its exact command. They bind to the version that the mail
 * shows.
 */
export function decisionCommands(view: ExceptionView): Command[] {
  return [
    showCommand(view),
    ...view.suggestedFixes.map((fix) => applyFix(view, fix)),
    ...choicesOf(view.matter).map((choice) => chosen(view, choice)),
    ...(view.matter === 'handoff' ? [resend(view)] : []),
  ];
}

const chosen = (view: ExceptionView, { verb, title, effect }: ReturnType<typeof choicesOf>[number]): Command =>
  command(view, verb, title, effect, `--version ${view.version}${verb === 'claim' ? '' : ` ${REASON}`}`);

/** The way out of a hand-off that no decision is: what was not taken is sent as it is. */
const resend = ({ client, businessDate }: ExceptionView): Command => ({
  title: 'Send it once more',
  effect: 'find it in this list; `npx meshline deliveries resend` and its id send it without closing the day again.',
  line: `npx meshline deliveries list --client ${shellWord(client.id)} --date ${businessDate}`,
});

/** Where to look while there is nothing to do. */
export const showCommand = (view: ExceptionView): Command =>
  command(view, 'show', 'See everything', whatIsShown(view), '');

const whatIsShown = ({ suggestedFixes }: ExceptionView): string =>
  suggestedFixes.length === 0
    ? 'its records and history.'
    : 'its records, its history, and what each fix would change.';

export function incidentCommands({ incident }: DeadlinePassedView): Command[] {
  if (incident === null) return [];
  const line = ['npx meshline incidents ack', shellWord(incident.id)].join(' ');
  return [{ title: 'Acknowledge the incident', effect: 'the team sees that you are on it.', line }];
}

function applyFix(view: ExceptionView, fix: ExceptionView['suggestedFixes'][number]): Command {
  const { line } = command(view, 'apply-fix', '', '', `--fix ${shellWord(fix.id)} --version ${view.version} ${REASON}`);
  return { title: `Apply fix ${fix.id}`, effect: `${fix.title}${fix.effect === null ? '' : `. ${fix.effect}`}`, line };
}

function command(
  view: ExceptionView,
  verb: string,
  title: string,
  effect: string,
  options = `--version ${view.version} ${REASON}`,
): Command {
  const line = ['npx meshline exceptions', verb, shellWord(view.exceptionId), options].join(' ').trim();
  return { title, effect, line };
}

/** An id as one word of a POSIX shell, whatever is in it: a pasted line must not run anything else. */
function shellWord(text: string): string {
  const oneLine = text.replace(/\p{Cc}/gu, '');
  return /^[A-Za-z0-9._:/@][A-Za-z0-9._:/@-]*$/.test(oneLine) ? oneLine : `'${oneLine.replaceAll("'", "'\\''")}'`;
}
