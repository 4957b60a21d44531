import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, type FinishWith, required } from '../command.ts';
import { parseId, parseMadeId, parseWord } from '../values.ts';

const ROLES = ['viewer', 'operator', 'owner', 'admin'] as const;

const collectClient = (text: string, before: string[] = []) => [...before, parseId(text)];

function addCreate(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'create',
    'Makes a token for a person or a service. It is printed once and kept nowhere in a readable form. A viewer reads, an operator runs closes and decides, an owner applies operating models, an admin manages tokens.',
    { example: 'npx meshline tokens create --person ada --role operator --client corner-shop --client book-barn' },
  )
    .addOption(required(new Option('--person <id>', 'whom it belongs to').argParser(parseWord)))
    .addOption(required(new Option('--role <role>', 'what it may do').choices(ROLES)))
    .addOption(
      new Option('--client <id>', 'client that it reaches; may be repeated; every one if absent').argParser(
        collectClient,
      ),
    )
    .option('--service', 'it belongs to a service: where two people are asked for, it counts for neither');
  act<{ person: string; role: (typeof ROLES)[number]; client?: string[]; service?: boolean }>(
    command,
    finish,
    async (session, options) => {
      const { person, role, client: clients, service } = options;
      const body = { person, role, clients, service };
      const made = await session.ask((api) => api.POST('/api/v1/tokens', { body }));
      return { document: made, people: async () => (await import('../print/tokens.ts')).createdText(made) };
    },
  );
}

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(group, 'list', 'Lists the tokens, without their secrets.', {
    example: 'npx meshline tokens list',
  });
  act(command, finish, async (session) => {
    const list = await session.ask((api) => api.GET('/api/v1/tokens'));
    return { document: list, people: async () => (await import('../print/tokens.ts')).tokensText(list) };
  });
}

function addRevoke(group: Command, finish: FinishWith): void {
  const command = addCommand(group, 'revoke', 'Takes a token out of use, at once and for good.', {
    example: 'npx meshline tokens revoke 0d6f6f0e-3a55-4c8e-9f0b-2a4f6e0f7c11',
  }).argument('<id>', 'id of the token, as the list prints it', parseMadeId);
  act(command, finish, async (session, _options, [id]) => {
    const params = { path: { id: id! } };
    const revoked = await session.ask((api) => api.DELETE('/api/v1/tokens/{id}', { params }));
    return { document: revoked, people: () => `Token ${id} is revoked.` };
  });
}

export function addTokenCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'tokens', 'Manage the tokens with which people and services sign in.');
  addCreate(group, finish);
  addList(group, finish);
  addRevoke(group, finish);
}
