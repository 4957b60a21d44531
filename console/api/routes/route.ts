import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import { readScoped, writeScoped } from '../../../infra/postgres/access/scope.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { clientExists, findVersion } from '../../../infra/postgres/read/clients.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { noClient, unprocessable } from '../problem.ts';

/** The application with its schemas as types. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export const reading = <T>({ db }: ApiDeps, caller: Caller, work: (tx: Tx) => Promise<T>): Promise<T> =>
  readScoped(db, caller, work);

export const writing = <T>({ db }: ApiDeps, caller: Caller, work: (tx: Tx) => Promise<T>): Promise<T> =>
  writeScoped(db, caller, work);

/** Throws a 404 where there is no such client, or none that the caller sees: which of the two is not told. */
export async function requireClient(tx: Tx, clientId: string): Promise<void> {
  if (!(await clientExists(tx, clientId))) throw noClient(clientId);
}

/**
 * Throws a 422 where something is done for somebody who is not among the people of its clients: it would stand in the
 * audit trail as if there were such a person. Whoever does it may be named as well.
 */
export async function requireKnown(
  tx: Tx,
  caller: Caller,
  clientIds: readonly string[],
  onBehalfOf?: string,
): Promise<void> {
  if (onBehalfOf === undefined || onBehalfOf === caller.person) return;
  const people = new Set<string>();
  for (const clientId of clientIds)
    for (const { id } of (await findVersion(tx, clientId, null))?.document.people ?? []) people.add(id);
  if (people.has(onBehalfOf)) return;
  const detail = `${onBehalfOf} is not among the people of ${clientIds.join(', ')}: ${[...people].join(', ')}.`;
  throw unprocessable('unknown-person', 'There is no such person', detail);
}
