import type { Command } from 'commander';
import { act, addCommand, addGroup, clientOption, dateOption, type FinishWith, required } from '../command.ts';

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Tells what happened on a business day: who or what did what, in the order in which it happened, attempt by attempt.',
    { example: 'npx meshline audit show --client corner-shop --date 2026-03-31' },
  )
    .addOption(required(clientOption()))
    .addOption(required(dateOption()));
  act<{ client: string; date: string }>(command, finish, async (session, { client, date }) => {
    const params = { path: { client }, query: { date } };
    const audit = await session.ask((api) => api.GET('/api/v1/clients/{client}/audit', { params }));
    return { document: audit, people: async () => (await import('../print/audit.ts')).auditText(audit) };
  });
}

function addVerify(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'verify',
    'Checks the hash chain of the audit trail. Any row that was edited, removed, inserted or moved is a problem.',
    {
      example: 'npx meshline audit verify',
      exits: ['0  the trail is whole', '1  it is not; every problem is listed'],
    },
  ).addOption(clientOption());
  act<{ client?: string }>(command, finish, async (session, { client }) => {
    const params = { query: { client } };
    const verified = await session.ask((api) => api.GET('/api/v1/audit/verify', { params }));
    return {
      document: verified,
      people: async () => (await import('../print/audit.ts')).verificationText(verified),
      exit: verified.ok ? 0 : 1,
    };
  });
}

export function addAuditCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'audit', 'Read the audit trail, and check that nobody has changed it.');
  addShow(group, finish);
  addVerify(group, finish);
}
