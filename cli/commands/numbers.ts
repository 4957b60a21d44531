import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, dateOption, type FinishWith, required } from '../command.ts';
import { usage } from '../failure.ts';
import { parseDate, parseId, parseWord } from '../values.ts';
import { metricOption, versionOption } from './options.ts';

type Range = { from?: string; to?: string };
type GetOptions = Range & { client: string; metric?: string; allVersions?: boolean; slice?: string };

function requireOrder({ from, to }: Range): void {
  if (from !== undefined && to !== undefined && from > to)
    throw usage(`The range ends (${to}) before it begins (${from}).`, 'Swap --from and --to.');
}

function addGet(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'get',
    'Prints published numbers: of every metric or one, of all days or a range, in total or by the members of a slice.',
    { example: 'npx meshline metrics get --client corner-shop --metric net_sales --from 2026-03-01 --to 2026-03-31' },
  )
    .addOption(required(clientOption()))
    .addOption(metricOption())
    .addOption(new Option('--from <date>', 'the first business day').argParser(parseDate))
    .addOption(new Option('--to <date>', 'the last business day, included').argParser(parseDate))
    .option('--all-versions', 'also versions that a revision has replaced')
    .addOption(
      new Option('--slice <dimension>', 'by the members of this dimension, such as channel').argParser(parseId),
    );
  act<GetOptions>(command, finish, async (session, options) => {
    requireOrder(options);
    const { client, metric, from, to, allVersions, slice } = options;
    const params = { path: { client }, query: { metric, from, to, allVersions, slice } };
    const list = await session.ask((api) => api.GET('/api/v1/clients/{client}/numbers', { params }));
    return { document: list, people: async () => (await import('../print/numbers.ts')).numbersText(list) };
  });
}

type ExplainOptions = {
  client: string;
  metric: string;
  date: string;
  version?: number;
  store?: string;
  slice?: string;
  member?: string;
};

function addExplain(program: Command, finish: FinishWith): void {
  const command = addCommand(
    program,
    'explain',
    'Explains a published number: its definition, inputs, transforms, checks, control, decisions and deliveries, and the same value computed afresh from the raw events.',
    {
      example: 'npx meshline explain --client corner-shop --metric net_sales --date 2026-03-30',
      exits: ['0  explained', '1  there is no such number'],
    },
  )
    .addOption(required(clientOption()))
    .addOption(required(metricOption()))
    .addOption(required(dateOption()))
    .addOption(versionOption('an earlier version of the number'))
    .addOption(new Option('--store <id>', 'a store of the client').argParser(parseId))
    .addOption(new Option('--slice <dimension>', 'a dimension, such as channel').argParser(parseId))
    .addOption(new Option('--member <name>', 'member of the slice').argParser(parseWord));
  act<ExplainOptions>(command, finish, async (session, options) => {
    if ((options.slice === undefined) !== (options.member === undefined))
      throw usage('A slice is a dimension and one of its members.', 'Give --slice and --member, or neither.');
    const { client, metric, date, version, store, slice, member } = options;
    const params = { path: { client }, query: { metric, date, version, store, slice, member } };
    const explanation = await session.ask((api) => api.GET('/api/v1/clients/{client}/explanation', { params }));
    return {
      document: explanation,
      people: async () => (await import('../print/explain.ts')).explainText(explanation),
    };
  });
}

export function addNumberCommands(program: Command, finish: FinishWith): void {
  addGet(addGroup(program, 'metrics', 'Read published numbers.'), finish);
  addExplain(program, finish);
}
