import { ServiceError } from '@temporalio/client';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

const STORAGE_AWAY = /^(08|53|57)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** What the driver itself says, without a code: also of the rollback over a connection that broke. */
const CONNECTION_GONE = /Connection terminated|is not queryable|timeout exceeded when trying to connect/;
const NOT_PERMITTED = '42501';
/** gRPC's codes for a server that is not there, or not now. */
const ENGINE_AWAY: readonly number[] = [4, 14];

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

function isEngineAway(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const code = codeOf(error.cause);
  return code === undefined || ENGINE_AWAY.includes(Number(code));
}

const storageAway = (): Problem =>
  new Problem(
    503,
    'storage-unavailable',
    'The database does not answer',
    'Postgres cannot be reached now. Nothing was changed; try again.',
  );

const engineAway = (): Problem =>
  new Problem(
    503,
    'engine-unavailable',
    'Temporal does not answer',
    'Temporal cannot be reached now. Nothing was started; try again.',
  );

const notPermitted = (): Problem =>
  new Problem(
    403,
    'not-allowed',
    'Not allowed',
    'The token does not reach this client. Ask an administrator for one that names it.',
  );

const TITLES: Readonly<Record<number, readonly [kind: string, title: string]>> = {
  400: ['invalid-request', 'The request is not valid'],
  404: ['not-found', 'Not found'],
  405: ['not-found', 'Not found'],
  413: ['too-large', 'The body is too large'],
  415: ['unsupported-body', 'The body has a type that is not read here'],
  429: ['too-many-requests', 'Too many requests'],
};

/** Failures of Fastify itself (a broken body, say) keep their words; they are about the request. */
function ofFramework(error: FastifyError): Problem | undefined {
  const status = error.statusCode;
  if (status === undefined || status < 400 || status > 499) return undefined;
  const [kind, title] = TITLES[status] ?? ['invalid-request', 'The request cannot be handled'];
  return new Problem(
    status,
    kind,
    title,
    `${error.message.replace(/\.$/, '')}. Correct the request and send it again.`,
  );
}

/** What the caller is told of a failure. What nobody foresaw stays in the log, under the request's id. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  const code = String(codeOf(error) ?? '');
  if (code === NOT_PERMITTED) return notPermitted();
  if (STORAGE_AWAY.test(code) || CONNECTION_GONE.test(String(error))) return storageAway();
  if (isEngineAway(error)) return engineAway();
  return (
    ofFramework(error as FastifyError) ??
    new Problem(
      500,
      'internal',
      'Something in Meshline broke',
      `The request could not be carried out. The log of the API says why, under request ${requestId}; try again, and report it if it stays.`,
    )
  );
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error }, problem.document.title);
  // What is left of a body that is not wanted need not be sent.
  if (problem.status === 413) reply.header('connection', 'close');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="meshline"');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .serializer((document: unknown) => JSON.stringify(document))
    .send(problem.document);
}
