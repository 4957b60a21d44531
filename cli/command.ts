import { type Command, Option } from 'commander';
import type { ExitCode } from './failure.ts';
import { printJson, printText } from './output.ts';
import { type GlobalOptions, openSession, type Said, type Session } from './session.ts';
import { parseDate, parseId } from './values.ts';

export type FinishWith = (exit: ExitCode) => void;

/** How the help of a command ends: a line to try, and what its exit codes mean where they need words. */
export type Guide = { example: string; exits?: readonly string[]; more?: string };

/** Help reads as prose in 100 columns; errors are printed by us, with what to do next. */
export const setUp = (command: Command): Command =>
  command
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({ outputError: () => {}, writeErr: () => {} })
    .helpOption('-h, --help', 'explain this command');

const guideText = ({ example, exits = [], more }: Guide): string =>
  [
    ...(more === undefined ? [] : ['', more]),
    '',
    'Example:',
    ...example.split('\n').map((line) => `  $ ${line}`),
    ...(exits.length === 0 ? [] : ['', 'Exit codes:', ...exits.map((line) => `  ${line}`)]),
  ].join('\n');

const guides = new WeakMap<Command, Guide>();

/** How the help of a command ends; undefined for a group of commands. */
export const guideOf = (command: Command): Guide | undefined => guides.get(command);

/** A command with its words, in which an action is still to be put. */
export function addCommand(parent: Command, name: string, description: string, guide: Guide): Command {
  const command = parent.command(name).description(description).addHelpText('after', guideText(guide));
  guides.set(command, guide);
  return command;
}

export const addGroup = (parent: Command, name: string, description: string): Command =>
  parent.command(name).description(description);

export const clientOption = () => new Option('--client <id>', 'id of the client').argParser(parseId);
export const dateOption = (words = 'the business day, as YYYY-MM-DD') =>
  new Option('--date <date>', words).argParser(parseDate);
export const required = (option: Option): Option => option.makeOptionMandatory();

type Work<O> = (session: Session, options: O, words: string[]) => Promise<Said>;

/** Puts work into a command: with --json its document goes to stdout, else what it has to say to people. */
export function act<O extends object>(command: Command, finish: FinishWith, work: Work<O>): Command {
  return command.action(async () => {
    const options = command.optsWithGlobals<O & GlobalOptions>();
    const said = await work(openSession(options), options, command.processedArgs as string[]);
    finish(said.exit ?? 0);
    if (options.json) await printJson(said.document);
    else await printText(await said.people());
  });
}
