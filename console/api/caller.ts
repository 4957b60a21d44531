import type { FastifyRequest } from 'fastify';
import { holderOf } from '../../infra/postgres/access/tokens.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { Problem } from './problem.ts';
import { isAtLeast, isRole, RIGHTS, type Right, type Role } from './rights.ts';

/** Who asks: the person whom the token belongs to. `clients` null is every client. */
export type Caller = {
  tokenId: string;
  person: string;
  role: Role;
  clients: readonly string[] | null;
  /** The token belongs to a service: where two people are asked for, it is neither. */
  service: boolean;
};

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** What the caller must have the right to; `public` asks for no token. */
    right?: Right | 'public';
  }
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{16,512})$/i;

function unauthenticated(detail: string): Problem {
  return new Problem(401, 'unauthenticated', 'A token is needed', detail);
}

function tokenOf(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (!header)
    throw unauthenticated('The request has no Authorization header. Send "Authorization: Bearer" and a token.');
  const token = BEARER.exec(header)?.[1];
  if (token) return token;
  throw unauthenticated('The Authorization header is not of the form "Bearer TOKEN". Send a token that way.');
}

/** Finds out who asks. Throws a 401 for no token, an unknown and a revoked one. */
export async function authenticate(db: Db, request: FastifyRequest): Promise<Caller> {
  const holder = await holderOf(db, tokenOf(request));
  if (!holder || !isRole(holder.role))
    throw unauthenticated(
      'The token is unknown or revoked. Create one with "meshline tokens create", or ask an administrator for one.',
    );
  return { ...holder, role: holder.role };
}

/** Throws a 403 where the caller's role is not enough for `what`. */
export function requireRole({ person, role }: Caller, least: Role, what: string): void {
  if (isAtLeast(role, least)) return;
  throw new Problem(
    403,
    'not-allowed',
    'Not allowed',
    `${person} is ${role} here, and ${what} needs the role ${least}. Ask an administrator for a token with it.`,
  );
}

/** Throws a 403 where the caller's role is not enough for what the route does. */
export const authorize = (caller: Caller, right: Right): void => requireRole(caller, RIGHTS[right], right);
