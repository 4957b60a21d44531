import type { Command } from 'commander';
import { act, addCommand, type FinishWith } from '../command.ts';
import type { GlobalOptions } from '../session.ts';

export function addRuntimeCommands(program: Command, finish: FinishWith): void {
  const up = addCommand(
    program,
    'up',
    'Starts everything on this machine and keeps it running until Ctrl-C: Postgres, Temporal and its UI, the workers, the API with its docs, and a mailbox for the reports. On a fresh data folder it then seeds and closes the demo.',
    { example: 'npx meshline up --empty' },
  ).option('--empty', 'start without the demo');
  up.action(async () => {
    const { up: start } = await import('../up.ts');
    finish((await start(up.optsWithGlobals<GlobalOptions & { empty?: boolean }>())) as 0 | 1 | 2 | 3 | 4);
  });
  const status = addCommand(program, 'status', 'Says whether Meshline runs here and where its services listen.', {
    example: 'npx meshline status',
    exits: ['0  the services answer', '4  they do not, or not yet'],
  });
  act(status, finish, async (session) => (await import('../status.ts')).status(session));
  const doctor = addCommand(
    program,
    'doctor',
    'Looks at what Meshline needs on this machine and says what is present, what is missing and how to get it.',
    { example: 'npx meshline doctor' },
  );
  doctor.action(async () => {
    const { doctor: look } = await import('../doctor.ts');
    finish((await look(doctor.optsWithGlobals<GlobalOptions>())) as 0 | 1 | 2 | 3 | 4);
  });
}
