import { randomBytes, randomUUID } from 'node:crypto';
import { insertToken, listTokens, revokeToken, type TokenRow } from '../../../infra/postgres/access/tokens.ts';
import { appendAudit, INSTALLATION } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { clientExists } from '../../../infra/postgres/read/clients.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  createdToken,
  revokedToken,
  type TokenList,
  tokenBody,
  tokenList,
  tokenParams,
} from '../../../schemas/api/tokens.ts';
import type { ApiDeps } from '../deps.ts';
import { instantText } from '../documents/amounts.ts';
import { notFound, Problem, unprocessable } from '../problem.ts';
import type { Role } from '../rights.ts';
import { type Api, reading, writing } from './route.ts';

const TOKEN_BYTES = 32;

const toListed = (row: TokenRow): TokenList['tokens'][number] => ({
  tokenId: row.token_id,
  person: row.person,
  role: row.role as Role,
  clients: row.clients,
  service: row.service,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  revokedAt: instantText(row.revoked_at),
});

/** A misspelt client would make a token that sees nothing and tells nobody why. */
async function assertClients(tx: Tx, clients: readonly string[]): Promise<void> {
  for (const [at, client] of clients.entries()) {
    if (await clientExists(tx, client)) continue;
    const problem = { path: `clients[${at}]`, found: client, expected: 'the id of a client that there is' };
    throw unprocessable('unknown-client', 'Unknown client', `There is no client ${client}. No token was made.`, {
      problems: [problem],
    });
  }
}

function assertRole(role: Role, clients: readonly string[] | null): void {
  if (role !== 'admin' || clients === null) return;
  throw unprocessable(
    'admin-of-some',
    'An administrator reaches every client',
    'A token of the role admin cannot be narrowed to clients. Leave clients out, or give another role.',
  );
}

function assertOther(own: string, tokenId: string): void {
  if (own !== tokenId) return;
  throw new Problem(
    409,
    'own-token',
    'This is the token that you use',
    `Token ${tokenId} is the one that the request was made with, and it stays: somebody must be able to make others. Revoke it with another administrator's.`,
  );
}

function listRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/tokens',
    {
      config: { right: 'token.manage' },
      schema: { summary: 'List tokens', tags: ['tokens'], response: answers({ 200: tokenList }) },
    },
    ({ caller }) => reading(deps, caller, async (tx) => ({ tokens: (await listTokens(tx)).map(toListed) })),
  );
}

function createRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/tokens',
    {
      config: { right: 'token.manage' },
      schema: {
        summary: 'Make a token',
        tags: ['tokens'],
        body: tokenBody,
        response: answers({ 201: createdToken }),
      },
    },
    async ({ caller, body: { person, role, clients = null, service = false, onBehalfOf } }, reply) => {
      assertRole(role, clients);
      const made = { tokenId: randomUUID(), person, role, clients, service };
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      await writing(deps, caller, async (tx) => {
        await assertClients(tx, clients ?? []);
        await insertToken(tx, { ...made, token, createdBy: caller.person });
        await appendAudit(tx, deps.secrets.auditKey, {
          clientId: INSTALLATION,
          actor: caller.person,
          onBehalfOf,
          action: 'token.created',
          subject: made.tokenId,
          detail: { person, role, clients, ...(service && { service }) },
        });
      });
      return reply.code(201).send({ ...made, token });
    },
  );
}

function revokeRoute(api: Api, deps: ApiDeps): void {
  api.delete(
    '/tokens/:id',
    {
      config: { right: 'token.manage' },
      schema: {
        summary: 'Revoke a token',
        tags: ['tokens'],
        params: tokenParams,
        response: answers({ 200: revokedToken }),
      },
    },
    async ({ caller, params: { id: tokenId } }) => {
      assertOther(caller.tokenId, tokenId);
      return writing(deps, caller, async (tx) => {
        const revokedAt = await revokeToken(tx, tokenId);
        if (!revokedAt) throw notFound('unknown-token', `Token ${tokenId}`);
        const { person: actor } = caller;
        await appendAudit(tx, deps.secrets.auditKey, {
          clientId: INSTALLATION,
          actor,
          action: 'token.revoked',
          subject: tokenId,
          detail: {},
        });
        return { tokenId, revokedAt: revokedAt.toISOString() };
      });
    },
  );
}

/** Tokens of people and services. */
export function tokenRoutes(api: Api, deps: ApiDeps): void {
  listRoute(api, deps);
  createRoute(api, deps);
  revokeRoute(api, deps);
}
