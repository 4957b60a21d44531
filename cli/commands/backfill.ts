import { type Command, Option } from 'commander';
import { act, addCommand, clientOption, type FinishWith, required } from '../command.ts';
import { usage } from '../failure.ts';
import { parseDate } from '../values.ts';

const from = () => new Option('--from <date>', 'the first business day').argParser(parseDate);
const to = () => new Option('--to <date>', 'the last business day, included').argParser(parseDate);

function addBackfill(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'backfill',
    'Closes the business days of a range, both ends included, one after the other. A day that waits for a person, or fails, does not stop the next one.',
    {
      example: 'npx meshline close backfill --client corner-shop --from 2026-03-30 --to 2026-03-31 --wait',
      exits: [
        '0  started; with --wait: every day is published or partially published',
        '1  with --wait: a day failed, was rejected or cancelled, and none waits',
        '2  wrong usage, or a day of the range is not over yet',
        '3  with --wait: a day waits for a person',
        '4  Meshline is not running or cannot be reached',
      ],
    },
  )
    .addOption(required(clientOption()))
    .addOption(required(from()))
    .addOption(required(to()))
    .option('--wait', 'return when every day has ended or waits for a person, instead of after the start');
  act<{ client: string; from: string; to: string; wait?: boolean }>(command, finish, async (session, options) => {
    if (options.from > options.to)
      throw usage(`The range ends (${options.to}) before it begins (${options.from}).`, 'Swap --from and --to.');
    const { runBackfill } = await import('../wait/run-backfill.ts');
    return runBackfill(session, options);
  });
}

function addSchedule(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'schedule',
    'Creates or repairs the nightly schedule of a client, or of all clients, from the report of its operating model. What is right already is left alone.',
    { example: 'npx meshline close schedule --all' },
  )
    .addOption(clientOption())
    .option('--all', 'every client');
  act<{ client?: string; all?: boolean }>(command, finish, async (session, { client, all }) => {
    if ((client === undefined) === !all)
      throw usage('Name one client, or all of them.', 'Give --client ID or --all, and not both.');
    const { schedule } = await import('../schedule.ts');
    return schedule(session, all ? { all: true } : { client });
  });
}

/** Commands of a close that reach over more than one day. */
export function addRangeCommands(group: Command, finish: FinishWith): void {
  addBackfill(group, finish);
  addSchedule(group, finish);
}
