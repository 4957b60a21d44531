import { readFileSync } from 'node:fs';
import { Command, type CommanderError } from 'commander';
import { type FinishWith, setUp } from './command.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addClientCommands } from './commands/client.ts';
import { addCloseCommands } from './commands/close.ts';
import { addDeliveryCommands } from './commands/deliveries.ts';
import { addExceptionCommands } from './commands/exceptions.ts';
import { addIncidentCommands } from './commands/incidents.ts';
import { addNumberCommands } from './commands/numbers.ts';
import { addPeriodCommands } from './commands/periods.ts';
import { addRuntimeCommands } from './commands/runtime.ts';
import { addSourceCommands } from './commands/sources.ts';
import { addTokenCommands } from './commands/tokens.ts';
import { usage } from './failure.ts';

const version = () =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export const DESCRIPTION =
  'Closes the business day of every client: captures, reconciles and publishes its numbers, and asks a person where they do not add up.';

const EXITS = `
Exit codes: 0 done · 1 failed · 2 wrong usage or invalid document · 3 waits for a person · 4 not running or unreachable

First steps:
  npx meshline up                         start everything on this machine
  npx meshline client apply shop.yaml     make a client's operating model its next version
  npx meshline close run --client shop --date 2026-03-31 --wait
  npx meshline exceptions list            what waits for a person`;

/** A wrong word is answered with where it stood and how to see what is right. */
function explainUsage(command: Command, path: string): void {
  command.exitOverride((error: CommanderError) => {
    if (error.exitCode === 0) throw error;
    const help = `See what it takes with \`npx ${path} --help\`.`;
    const what = error.code === 'commander.help' ? `${path} needs a command.` : error.message.replace(/^error: /, '');
    throw usage(what.replace(/\.?$/, '.'), help);
  });
  for (const inner of command.commands) explainUsage(inner, `${path} ${inner.name()}`);
}

/** All commands. @param finish is told the exit code of the command that ran */
export function createProgram(finish: FinishWith): Command {
  const program = setUp(new Command('meshline').description(DESCRIPTION).addHelpText('after', EXITS))
    .version(version(), '-V, --program-version', 'print the version of Meshline')
    .option('--data <dir>', 'where the embedded installation keeps its data (else MESHLINE_HOME)')
    .option('--json', 'print one JSON document on stdout, and nothing else there');
  addRuntimeCommands(program, finish);
  addClientCommands(program, finish);
  addSourceCommands(program, finish);
  addCloseCommands(program, finish);
  addNumberCommands(program, finish);
  addExceptionCommands(program, finish);
  addIncidentCommands(program, finish);
  addDeliveryCommands(program, finish);
  addPeriodCommands(program, finish);
  addAuditCommands(program, finish);
  addTokenCommands(program, finish);
  explainUsage(program, 'meshline');
  return program;
}
