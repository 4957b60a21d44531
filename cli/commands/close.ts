import type { Command } from 'commander';
import { Refusal } from '../answer.ts';
import { act, addCommand, addGroup, clientOption, dateOption, type FinishWith, required } from '../command.ts';
import { Failure } from '../failure.ts';
import type { Said, Session } from '../session.ts';
import { addRangeCommands } from './backfill.ts';
import { reasonOption } from './options.ts';

const WAIT = 'return when the day has ended or waits for a person, instead of after the start';

const WAIT_EXITS = [
  '0  started; with --wait: published or partially published',
  '1  with --wait: failed, rejected or cancelled',
  '2  wrong usage, or the day is not over yet',
  '3  with --wait: the day waits for a person',
  '4  Meshline is not running or cannot be reached',
];

const REVISE_EXITS = [
  '0  revised, or nothing had changed; with --preview: shown',
  '1  failed, rejected or cancelled',
  '2  wrong usage; nothing is published of the day, or its month is locked',
  '3  a finding stands over it: the day waits for a person',
  '4  Meshline is not running or cannot be reached',
];

function addRun(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'run',
    'Closes one business day of a client: captures its sources, reconciles and publishes. A day that was closed before is captured anew; where its sources say the same, nothing changes.',
    { example: 'npx meshline close run --client corner-shop --date 2026-03-30 --wait', exits: WAIT_EXITS },
  )
    .addOption(required(clientOption()))
    .addOption(required(dateOption()))
    .option('--wait', WAIT);
  act<{ client: string; date: string; wait?: boolean }>(command, finish, async (session, options) => {
    const { runClose } = await import('../wait/run-close.ts');
    return runClose(session, options);
  });
}

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows a business day: what was captured, each metric with its certificate, each control with what explains its difference, and the exceptions that wait.',
    { example: 'npx meshline close show --client corner-shop --date 2026-03-31' },
  )
    .addOption(required(clientOption()))
    .addOption(required(dateOption()));
  act<{ client: string; date: string }>(command, finish, async (session, path) => {
    const params = { path: dayPath(path) };
    const day = await session.ask((api) => api.GET('/api/v1/clients/{client}/closes/{date}', { params }));
    return { document: day, people: async () => (await import('../print/close.ts')).closeText(day) };
  });
}

function addCancel(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'cancel',
    'Ends the attempt that runs for a business day. What was published before stays as it is.',
    { example: 'npx meshline close cancel --client corner-shop --date 2026-03-31 --reason "the export is wrong"' },
  )
    .addOption(required(clientOption()))
    .addOption(required(dateOption()))
    .addOption(required(reasonOption('why the attempt is ended')));
  act<{ client: string; date: string; reason: string }>(command, finish, async (session, { reason, ...path }) => {
    const sent = { params: { path: dayPath(path) }, body: { reason } };
    const day = await session.ask((api) => api.POST('/api/v1/clients/{client}/closes/{date}/cancel', sent));
    return { document: day, people: async () => (await import('../print/close.ts')).closeText(day) };
  });
}

const NOT_REVISABLE = ['/problems/not-published', '/problems/month-locked'];

/** A day that is never revised as it is now was asked for by mistake. */
function asUsage(error: unknown): never {
  const isUsage = error instanceof Refusal && NOT_REVISABLE.includes(error.problem.type);
  throw isUsage ? new Failure({ ...error.parts, exit: 2 }) : error;
}

async function previewRevision(session: Session, path: { client: string; date: string }): Promise<Said> {
  const params = { path: dayPath(path) };
  const preview = await session.ask((api) =>
    api.POST('/api/v1/clients/{client}/closes/{date}/revision-preview', { params }),
  );
  return { document: preview, people: async () => (await import('../print/revision.ts')).revisionText(preview) };
}

function addRevise(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'revise',
    'Captures a published day anew and publishes what its sources say now as the next version, without a further decision. Whoever was told a final number otherwise gets a correction.',
    {
      example:
        'npx meshline close revise --client corner-shop --date 2026-03-30 --reason "the processor has restated its fees"',
      exits: REVISE_EXITS,
    },
  )
    .addOption(required(clientOption()))
    .addOption(required(dateOption()))
    .addOption(required(reasonOption('why the day is revised')))
    .option('--preview', 'show what would change, and change nothing');
  act<{ client: string; date: string; reason: string; preview?: boolean }>(
    command,
    finish,
    async (session, options) => {
      if (options.preview) return previewRevision(session, options).catch(asUsage);
      const { reviseClose } = await import('../wait/run-close.ts');
      return reviseClose(session, options).catch(asUsage);
    },
  );
}

export function addCloseCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'close', 'Close business days, and see what became of them.');
  addRun(group, finish);
  addRangeCommands(group, finish);
  addShow(group, finish);
  addCancel(group, finish);
  addRevise(group, finish);
}

const dayPath = ({ client, date }: { client: string; date: string }) => ({ client, date });
