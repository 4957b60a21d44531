import type { Command } from 'commander';
import { act, addCommand, addGroup, clientOption, dateOption, type FinishWith, required } from '../command.ts';
import { sourceOption } from './options.ts';

function addCheck(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'check',
    'Looks whether the sources of a business day are there and can be read. Nothing is captured.',
    {
      example: 'npx meshline sources check --client corner-shop --date 2026-03-31',
      exits: ['0  every source was found', '1  a source is absent or cannot be read'],
    },
  )
    .addOption(required(clientOption()))
    .addOption(dateOption('the business day; the last one that is over unless it says otherwise'));
  act<{ client: string; date?: string }>(command, finish, async (session, { client, date }) => {
    const params = { path: { client }, query: { date } };
    const check = await session.ask((api) => api.GET('/api/v1/clients/{client}/sources/check', { params }));
    return {
      document: check,
      people: async () => (await import('../print/sources.ts')).checkText(check),
      exit: check.sources.every(({ status }) => status === 'found') ? 0 : 1,
    };
  });
}

function addUpload(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'upload',
    'Sends the file of a source for one business day, where the source does not deliver it by itself. The next close of the day captures it.',
    {
      example: 'npx meshline sources upload --client corner-shop --source till exports/2026-03-31.csv',
      exits: ['0  sent, or the same file was there already', '2  no such file, or its day is not known'],
    },
  )
    .argument('<file>', 'the file')
    .addOption(required(clientOption()))
    .addOption(required(sourceOption()))
    .addOption(
      dateOption('the business day; read from the file’s name by the source’s template unless it says otherwise'),
    );
  act<{ client: string; source: string; date?: string }>(command, finish, async (session, options, [file]) =>
    (await import('../upload.ts')).upload(session, { ...options, file: file! }),
  );
}

export function addSourceCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'sources', 'See whether sources are there, and send their files.');
  addCheck(group, finish);
  addUpload(group, finish);
}
