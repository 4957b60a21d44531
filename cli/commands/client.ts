import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, dateOption, type FinishWith, required } from '../command.ts';
import { sendModel } from '../operating-model.ts';
import { parseId, parseVersion } from '../values.ts';

function addApply(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'apply',
    'Reads a client’s operating model, with the agency file and templates that it leans on, checks all of it, and makes it the next version. What says the same as the latest version changes nothing. Where anything is wrong, every problem is listed and nothing is changed. What is sound and does nothing, such as a routing rule that no event can meet, is a warning: the document is applied all the same.',
    {
      example: 'npx meshline client apply models/corner-shop.yaml',
      exits: ['0  applied, or nothing to change', '2  the document is not valid, or there is no such file'],
    },
  )
    .argument('<file>', 'the client’s document, in YAML')
    .option('--as <person>', 'person for whom this is done; the audit trail holds it beside you');
  act<{ as?: string }>(command, finish, async (session, { as }, [file]) => {
    const applied = await sendModel(file!, (model) =>
      session.ask((api) => api.POST('/api/v1/clients', { body: { ...model, onBehalfOf: as } })),
    );
    return { document: applied, people: async () => (await import('../print/client.ts')).appliedText(applied) };
  });
}

function addPreview(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'preview',
    'Shows what the close of a business day would publish and withhold under a document that is not applied, before any person decides. Nothing is saved.',
    {
      example: 'npx meshline client preview models/corner-shop.yaml --date 2026-03-31',
      exits: ['0  computed', '2  the document is not valid, there is no such file, or the day is not over'],
    },
  )
    .argument('<file>', 'the client’s document, in YAML')
    .addOption(required(dateOption()));
  act<{ date: string }>(command, finish, async (session, { date }, [file]) => {
    const preview = await sendModel(file!, (model) =>
      session.ask((api) => api.POST('/api/v1/clients/preview', { body: { ...model, date } })),
    );
    return { document: preview, people: async () => (await import('../print/preview.ts')).previewText(preview) };
  });
}

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'list',
    'Lists the clients, each with its last business day and what became of it.',
    {
      example: 'npx meshline client list',
    },
  );
  act(command, finish, async (session) => {
    const list = await session.ask((api) => api.GET('/api/v1/clients'));
    return { document: list, people: async () => (await import('../print/client.ts')).clientsText(list) };
  });
}

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Prints the operating model of a client as it is in force, resolved from its own document, the agency file and its template, as YAML. Comments say where each part was written.',
    { example: 'npx meshline client show corner-shop --version 2' },
  )
    .argument('<id>', 'id of the client', parseId)
    .addOption(new Option('--version <n>', 'an earlier version').argParser(parseVersion));
  act<{ version?: number }>(command, finish, async (session, { version }, [client]) => {
    const params = { path: { client: client! }, query: { version } };
    const shown = await session.ask((api) => api.GET('/api/v1/clients/{client}', { params }));
    return { document: shown, people: async () => (await import('../print/model.ts')).modelText(shown) };
  });
}

export function addClientCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'client', 'Apply, preview and show the operating models of clients.');
  addApply(group, finish);
  addPreview(group, finish);
  addList(group, finish);
  addShow(group, finish);
}
