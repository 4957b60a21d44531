import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, type FinishWith, required } from '../command.ts';
import { decide, type Verb } from '../decide.ts';
import { parseMadeId } from '../values.ts';
import { onBehalfOption, reasonOption, versionOption } from './options.ts';

const STATES = ['open', 'healing', 'awaiting_decision', 'overdue', 'deciding', 'resolved', 'rejected'] as const;

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'list',
    'Lists exceptions: what was found, who owns it, until when to decide. Those that have ended are listed where their state is asked for, and always with --json.',
    {
      example: 'npx meshline exceptions list --client corner-shop --state awaiting_decision',
    },
  )
    .addOption(clientOption())
    .addOption(
      new Option('--state <state>', 'only those in this state; `open` is each in which it has not ended').choices(
        STATES,
      ),
    );
  act<{ client?: string; state?: (typeof STATES)[number] }>(command, finish, async (session, { client, state }) => {
    const params = { query: { client, state } };
    const list = await session.ask((api) => api.GET('/api/v1/exceptions', { params }));
    return { document: list, people: async () => (await import('../print/exceptions.ts')).listText(list, state) };
  });
}

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows an exception whole: the difference and what explains it, quarantined records, its history, and what can be done.',
    { example: 'npx meshline exceptions show 4f1c09aa7b2e5d81c3f6' },
  ).argument('<id>', 'id of the exception', parseMadeId);
  act(command, finish, async (session, _options, [id]) => {
    const params = { path: { id: id! } };
    const shown = await session.ask((api) => api.GET('/api/v1/exceptions/{id}', { params }));
    return { document: shown, people: async () => (await import('../print/exceptions.ts')).exceptionText(shown) };
  });
}

const DECIDE_EXITS = [
  '0  the decision is recorded, or the exception had resolved by itself',
  '1  refused: it changed since the version that you saw; its present state is printed',
  '2  wrong usage, such as no reason',
];

function addVerb(group: Command, finish: FinishWith, verb: Verb, description: string): void {
  const reason = reasonOption('why; kept in the audit trail');
  const command = addCommand(group, verb, description, {
    example: `npx meshline exceptions ${verb} 4f1c09aa7b2e5d81c3f6 --reason "checked with the shop"`,
    exits: DECIDE_EXITS,
    more: 'The decision binds to the version of the exception that you name, by default the present one.',
  })
    .argument('<id>', 'id of the exception', parseMadeId)
    .addOption(verb === 'rerun' ? reason.default('run anew', 'run anew') : required(reason))
    .addOption(onBehalfOption())
    .addOption(versionOption('version of the exception that you saw'));
  act<{ reason: string; as?: string; version?: number }>(command, finish, (session, options, [id]) =>
    decide(session, verb, id!, options),
  );
}

export function addExceptionCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'exceptions', 'See what waits for a person, and decide.');
  addList(group, finish);
  addShow(group, finish);
  addVerb(
    group,
    finish,
    'approve',
    'Accepts the difference: the day is published over it, with the certificate qualified for good.',
  );
  addVerb(group, finish, 'reject', 'Rejects the day: nothing of it is published until someone runs it anew.');
  addVerb(group, finish, 'rerun', 'Captures the sources again and closes the day on what they say then.');
}
