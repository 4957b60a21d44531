import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, type FinishWith, required } from '../command.ts';
import { usage } from '../failure.ts';
import { handleIncident } from '../handle-incident.ts';
import { parseMadeId, parseReason } from '../values.ts';
import { onBehalfOption, reasonOption } from './options.ts';

const STATES = ['unresolved', 'open', 'acknowledged', 'resolved', 'closed'] as const;
type State = (typeof STATES)[number];
const SAMPLE = 'b7d20c4e91f35a688d01';

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'list',
    'Lists incidents: how bad they are, who holds them, since when. Those that are over are listed where their state is asked for, and always with --json.',
    { example: 'npx meshline incidents list --client corner-shop' },
  )
    .addOption(clientOption())
    .addOption(
      new Option('--state <state>', 'only those in this state; `unresolved` is open or acknowledged').choices(STATES),
    );
  act<{ client?: string; state?: State }>(command, finish, async (session, { client, state }) => {
    const params = { query: { client, state } };
    const list = await session.ask((api) => api.GET('/api/v1/incidents', { params }));
    return { document: list, people: async () => (await import('../print/incidents.ts')).incidentsText(list, state) };
  });
}

const idArgument = (command: Command): Command => command.argument('<id>', 'id of the incident', parseMadeId);

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows an incident whole: its exceptions, its timeline, who was told, and its summary once it is over.',
    { example: `npx meshline incidents show ${SAMPLE}` },
  );
  act(idArgument(command), finish, async (session, _options, [id]) => {
    const params = { path: { id: id! } };
    const shown = await session.ask((api) => api.GET('/api/v1/incidents/{id}', { params }));
    return { document: shown, people: async () => (await import('../print/incidents.ts')).incidentText(shown) };
  });
}

const EXITS = ['0  it is recorded, or the incident is over already', '1  refused', '2  wrong usage, such as no cause'];

function addAck(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'ack',
    'Acknowledges an incident: you hold it from then on, and the alerts end. Once acknowledged, another person takes it over the same way.',
    {
      example: `npx meshline incidents ack ${SAMPLE}\nnpx meshline incidents ack ${SAMPLE} --as ben --reason "ben is on call tonight"`,
      exits: EXITS,
      more: 'With --as it is handed to that person.',
    },
  );
  idArgument(command)
    .addOption(reasonOption('why; kept in the timeline').default('on it', 'on it'))
    .addOption(onBehalfOption());
  act<{ reason: string; as?: string }>(command, finish, (session, options, [id]) =>
    handleIncident(session, 'ack', id!, options),
  );
}

function addUpdate(group: Command, finish: FinishWith): void {
  const command = addCommand(group, 'update', 'Says how an incident stands, in its timeline.', {
    example: `npx meshline incidents update ${SAMPLE} --message "the shop sends the lost page at noon"`,
    exits: EXITS,
  });
  idArgument(command)
    .addOption(required(new Option('--message <text>', 'how it stands').argParser(parseReason)))
    .addOption(onBehalfOption());
  act<{ message: string; as?: string }>(command, finish, (session, { message, as }, [id]) =>
    handleIncident(session, 'update', id!, { reason: message, as }),
  );
}

function causeOf({ cause, reason }: { cause?: string; reason?: string }): string {
  const stated = cause ?? reason;
  if (stated !== undefined) return stated;
  throw usage('meshline incidents resolve needs a cause.', 'Say what it was with `--cause "what it was"`.');
}

function addResolve(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'resolve',
    'Resolves an incident with its cause. Its summary is written, and everyone who was told hears that it is over.',
    {
      example: `npx meshline incidents resolve ${SAMPLE} --cause "the till lost a page; the shop sent it again"`,
      exits: EXITS,
      more: 'An incident whose exceptions end resolves by itself. Resolving it decides nothing about its exceptions.',
    },
  );
  idArgument(command)
    .addOption(new Option('--cause <text>', 'what it was').argParser(parseReason))
    .addOption(reasonOption('the same as --cause'))
    .addOption(onBehalfOption());
  act<{ cause?: string; reason?: string; as?: string }>(command, finish, (session, options, [id]) =>
    handleIncident(session, 'resolve', id!, { reason: causeOf(options), as: options.as }),
  );
}

export function addIncidentCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'incidents', 'See what went past its deadline or threshold, and see it through.');
  addList(group, finish);
  addShow(group, finish);
  addAck(group, finish);
  addUpdate(group, finish);
  addResolve(group, finish);
}
