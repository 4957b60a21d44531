import type { Argument, Command, Option } from 'commander';
import { guideOf } from '../command.ts';
import { createProgram } from '../program.ts';
import { outputs } from './outputs.ts';
import { INTRODUCTION } from './prose.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const code = (text: string) => `\`${text}\``;

type Row = { name: string; description: string; isRequired: boolean };

const argumentRow = (argument: Argument): Row => ({
  name: `<${argument.name()}>`,
  description: argument.description,
  isRequired: argument.required,
});

const choicesOf = ({ argChoices }: Option) => (argChoices ? `: ${argChoices.join(', ')}` : '');

const optionRow = (option: Option): Row => ({
  name: option.flags,
  description: option.description + choicesOf(option),
  isRequired: option.mandatory,
});

function table(command: Command): string[] {
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
  if (rows.length === 0) return [];
  return [
    '| argument or option | meaning | |',
    '|---|---|---|',
    ...rows.map(
      ({ name, description, isRequired }) =>
        `| ${code(name)} | ${cell(description)} | ${isRequired ? 'required' : ''} |`,
    ),
    '',
  ];
}

const inUsage = ({ name, isRequired }: Row) => (isRequired ? name : `[${name}]`);

const rowsOf = (command: Command): Row[] => [
  ...command.registeredArguments.map(argumentRow),
  ...command.options.map(optionRow),
];

const usageOf = (command: Command, path: string) => ['npx meshline', path, ...rowsOf(command).map(inUsage)].join(' ');

function exitLines(exits: readonly string[] = []): string[] {
  if (exits.length === 0) return [];
  const items = exits.map((line) => line.replace(/^(\d)\s+(.*)$/, '- `$1` $2'));
  return ['Exit codes:', '', ...items, ''];
}

function commandLines(command: Command, path: string): string[] {
  const guide = guideOf(command);
  const output = outputs[path];
  return [
    `### ${path}`,
    '',
    command.description(),
    ...(guide?.more === undefined ? [] : ['', guide.more]),
    '',
    '```',
    usageOf(command, path),
    '```',
    '',
    ...table(command),
    ...exitLines(guide?.exits),
    '```console',
    ...(guide?.example.split('\n').map((line) => `$ ${line}`) ?? []),
    ...(output === undefined ? [] : [output.trimEnd()]),
    '```',
    '',
  ];
}

const groupLines = (group: Command): string[] => [
  `## ${group.name()}`,
  '',
  group.description(),
  '',
  ...group.commands.flatMap((command) => commandLines(command, `${group.name()} ${command.name()}`)),
];

/** The reference of the command line, made from the definitions that the program itself runs on. */
export async function referencePage(): Promise<string> {
  const { commands } = createProgram(() => {});
  const single = commands.filter((command) => command.commands.length === 0);
  const groups = commands.filter((command) => command.commands.length > 0);
  return [
    INTRODUCTION,
    '## The installation and single numbers',
    '',
    ...single.flatMap((command) => commandLines(command, command.name())),
    ...groups.flatMap(groupLines),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}
