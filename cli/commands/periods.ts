import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, type FinishWith, required } from '../command.ts';
import { type PeriodVerb, sayOfPeriod } from '../say-of-period.ts';
import { parseMonth } from '../values.ts';
import { onBehalfOption, reasonOption } from './options.ts';

type Month = { client: string; month: string };

const monthOption = () => new Option('--month <month>', 'the month, as YYYY-MM').argParser(parseMonth);

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows a month: its state, what must hold before it is closed, its revisions, and its numbers. A locked month shows what was locked.',
    { example: 'npx meshline period show --client corner-shop --month 2026-03' },
  )
    .addOption(required(clientOption()))
    .addOption(required(monthOption()));
  act<Month>(command, finish, async (session, { client, month }) => {
    const params = { path: { client, month } };
    const shown = await session.ask((api) => api.GET('/api/v1/clients/{client}/periods/{month}', { params }));
    return { document: shown, people: async () => (await import('../print/periods.ts')).periodText(shown) };
  });
}

const EXITS = [
  '0  done, or it is that already',
  '1  refused: not in this state, or another person must say it',
  '2  wrong usage',
  '3  the checklist refuses it, or it waits for a second person',
];

type Words = { description: string; more: string; reason: Option; example: string };

function addVerb(group: Command, finish: FinishWith, verb: PeriodVerb, words: Words): void {
  const { description, more, reason, example } = words;
  const command = addCommand(group, verb, description, {
    example: `npx meshline period ${verb} --client corner-shop --month 2026-03${example}`,
    exits: EXITS,
    more,
  })
    .addOption(required(clientOption()))
    .addOption(required(monthOption()))
    .addOption(reason)
    .addOption(onBehalfOption());
  act<Month & { reason?: string; as?: string }>(command, finish, (session, options) =>
    sayOfPeriod(session, verb, options),
  );
}

/** Closing months. */
export function addPeriodCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'period', 'Close months.');
  const why = () => reasonOption('why; kept in the audit trail');
  addShow(group, finish);
  addVerb(group, finish, 'close', {
    description:
      'Soft-closes a month: its numbers were looked at, and from then on nothing in it is revised by itself. The checklist must hold.',
    more: 'Said again after a revision, it looks at the month anew.',
    reason: why(),
    example: '',
  });
  addVerb(group, finish, 'lock', {
    description:
      'Locks a soft-closed month, as another person than who soft-closed it: its numbers never change. What comes late is posted to the first open month after it, with its own date.',
    more: 'Said of a month whose reopening waits for a second person, it takes that back.',
    reason: why(),
    example: '',
  });
  addVerb(group, finish, 'reopen', {
    description:
      'Opens a month again. A locked one takes two people: the first one proposes with a reason, and another one says the same.',
    more: '--as makes nobody another person, and the token of a service counts for nobody.',
    reason: required(why()),
    example: ' --reason "the processor restated March"',
  });
}
