import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, dateOption, type FinishWith } from '../command.ts';
import type { DeliveryDocument } from '../documents.ts';
import { usage } from '../failure.ts';
import type { Said } from '../session.ts';
import { parseLimit, parseNumber } from '../values.ts';
import { onBehalfOption, reasonOption } from './options.ts';

const STATES = ['stored', 'draft', 'pending', 'sending', 'sent', 'failed', 'uncertain', 'superseded'] as const;
const KINDS = ['report', 'correction', 'event'] as const;
const SAMPLE = '41';

type Filter = {
  client?: string;
  date?: string;
  state?: (typeof STATES)[number];
  kind?: (typeof KINDS)[number];
  limit?: number;
};

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'list',
    'Lists deliveries, the newest first: what went to whom, and what waits as a draft.',
    {
      example: 'npx meshline deliveries list --client corner-shop --state draft',
      more: 'The business day of a correction is the night that it is of; it is listed under the days that it corrects as well.',
    },
  )
    .addOption(clientOption())
    .addOption(dateOption())
    .addOption(new Option('--state <state>', 'only those in this state').choices(STATES))
    .addOption(new Option('--kind <kind>', 'only those of this kind').choices(KINDS))
    .addOption(new Option('--limit <n>', 'at most so many, up to 1000; 100 unless it is said').argParser(parseLimit));
  act<Filter>(command, finish, async (session, { client, date, state, kind, limit }) => {
    const params = { query: { client, date, state, kind, limit } };
    const list = await session.ask((api) => api.GET('/api/v1/deliveries', { params }));
    return { document: list, people: async () => (await import('../print/deliveries.ts')).deliveriesText(list) };
  });
}

const idArgument = (command: Command): Command => command.argument('<id>', 'number of the delivery', parseNumber);

/** Writes the page of a mail; a request has none. */
async function writeHtml({ id, html }: DeliveryDocument, file: string): Promise<void> {
  if (html === null)
    throw usage(
      `Delivery ${id} is a request and has no page.`,
      `See its body with \`npx meshline deliveries show ${id}\`.`,
    );
  await writeFile(file, html).catch((error: Error) => {
    throw usage(
      `The page of delivery ${id} could not be written: ${error.message}.`,
      'Name a file that you may write.',
    );
  });
}

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows a delivery as its receiver gets it, drafts as well, with every try and what it came to.',
    { example: `npx meshline deliveries show ${SAMPLE}` },
  ).addOption(new Option('--html <file>', 'writes the page of a mail into this file'));
  act<{ html?: string }>(idArgument(command), finish, async (session, { html }, [id]) => {
    const shown = await session.ask((api) => api.GET('/api/v1/deliveries/{id}', { params: { path: { id: id! } } }));
    if (html !== undefined) await writeHtml(shown, html);
    return { document: shown, people: async () => (await import('../print/deliveries.ts')).deliveryText(shown) };
  });
}

const said = (verb: 'release' | 'resend', document: DeliveryDocument): Said => ({
  document,
  people: async () => (await import('../print/deliveries.ts')).handledText(verb, document),
});

type Words = { reason?: string; as?: string };

function addRelease(group: Command, finish: FinishWith): void {
  const command = addCommand(group, 'release', 'Lets a draft out: it is sent as `deliveries show` shows it.', {
    example: `npx meshline deliveries release ${SAMPLE} --reason "read it through"`,
    exits: ['0  it is released, or was before', '1  refused: a newer version took its place, or it is never sent'],
    more: 'Released twice, it goes out once.',
  });
  idArgument(command).addOption(reasonOption('why; kept in the audit trail')).addOption(onBehalfOption());
  act<Words>(command, finish, async (session, { reason, as }, [id]) => {
    const sent = { params: { path: { id: id! } }, body: { reason, onBehalfOf: as } };
    return said('release', await session.ask((api) => api.POST('/api/v1/deliveries/{id}/release', sent)));
  });
}

function addResend(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'resend',
    'Sends a delivery once more: the same content under the same Message-ID or Idempotency-Key.',
    {
      example: `npx meshline deliveries resend ${SAMPLE} --reason "their system was restored from a backup"`,
      exits: ['0  it is sent again, or waits to be sent already', '1  refused: it is a draft, or is never sent'],
      more: 'A receiver that honours the key takes it once. What failed, or is uncertain, is sent this way too.',
    },
  );
  idArgument(command).addOption(reasonOption('why; kept in the audit trail')).addOption(onBehalfOption());
  act<Words>(command, finish, async (session, { reason, as }, [id]) => {
    const body = { requestId: randomUUID(), reason, onBehalfOf: as };
    const sent = { params: { path: { id: id! } }, body };
    return said('resend', await session.ask((api) => api.POST('/api/v1/deliveries/{id}/resend', sent)));
  });
}

export function addDeliveryCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(
    program,
    'deliveries',
    'See what went out and what waits as a draft; release it, send it again.',
  );
  addList(group, finish);
  addShow(group, finish);
  addRelease(group, finish);
  addResend(group, finish);
}
