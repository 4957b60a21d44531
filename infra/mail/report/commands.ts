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
    command(view, 'approve', 'Accept the difference', 'the day is published over it, with the certificate qualified.'),
    command(
      view,
      'rerun',
      'Run it anew',
      'the sources are captured again and the day is closed on what they say then.',
    ),
    command(
      view,
      'claim',
      'Claim it',
      'reminders and the deadline stop for a while; everyone sees that you are on it.',
      `--version ${view.version}`,
    ),
    rejectCommand(view),
  ];
}

const rejectCommand = (view: ExceptionView): Command =>
  view.kind === 'revision'
    ? command(view, 'reject', 'Reject the change', 'the numbers are kept as they were published.')
    : command(view, 'reject', 'Reject the day', 'nothing of it is published until someone runs it anew.');

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
