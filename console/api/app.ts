import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyPluginAsync, type FastifyServerOptions } from 'fastify';
import { API_PREFIX } from '../../schemas/api/common.ts';
import { authenticate, authorize, type Caller } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { describeApi } from './describe.ts';
import { sendProblem } from './failures.ts';
import { loggedUrl, requestLog } from './logging.ts';
import { originCheck, SECURITY_HEADERS } from './origin.ts';
import { Problem } from './problem.ts';
import { auditRoutes } from './routes/audit.ts';
import { backfillRoutes } from './routes/backfills.ts';
import { clientRoutes } from './routes/clients.ts';
import { closeRoutes } from './routes/closes.ts';
import { controlRoutes } from './routes/controls.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { eventRoutes } from './routes/events.ts';
import { exceptionRoutes } from './routes/exceptions.ts';
import { explanationRoutes } from './routes/explanation.ts';
import { exportRoutes } from './routes/exports.ts';
import { fixRoutes } from './routes/fixes.ts';
import { handoffRoutes } from './routes/handoffs.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { numberRoutes } from './routes/numbers.ts';
import { pageRoutes } from './routes/pages.ts';
import { periodRoutes } from './routes/periods.ts';
import { revisionRoutes } from './routes/revisions.ts';
import type { Api } from './routes/route.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { sourceRoutes } from './routes/sources.ts';
import { systemRoutes } from './routes/system.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { assertStorable } from './storable.ts';
import { compileRequest } from './validation.ts';

const MEGABYTE = 1024 * 1024;
const BODY_BYTES = 8 * MEGABYTE;
/** Of one address: a script that closes a thousand clients stays below it, one that guesses tokens does not. */
const REQUESTS_A_MINUTE = 6_000;

export type AppOptions = {
  allowedHosts?: readonly string[];
  logger?: FastifyServerOptions['logger'];
  requestsAMinute?: number;
};

/** A route that says nothing of its right would be open to all: it does not start. */
function requireRights(api: Api): void {
  api.addHook('onRoute', ({ url, method, config }) => {
    if (url.startsWith(API_PREFIX) && !config?.right) throw new Error(`${method} ${url} names no right`);
  });
}

/** Counts before anything else is done for a request, so that a flood without tokens costs no look-ups. */
async function limitRequests(api: Api, { requestsAMinute = REQUESTS_A_MINUTE }: AppOptions): Promise<void> {
  await api.register(rateLimit, { global: false });
  api.addHook('onRequest', api.rateLimit({ max: requestsAMinute, timeWindow: '1 minute' }));
}

function guardRequests(api: Api, deps: ApiDeps, { allowedHosts = [] }: AppOptions): void {
  const checkOrigin = originCheck(allowedHosts);
  api.decorateRequest('caller', null as unknown as Caller);
  api.addHook('preValidation', async (request) => assertStorable(request));
  api.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    checkOrigin(request);
    const { right } = request.routeOptions.config;
    if (right === undefined || right === 'public') return;
    request.caller = await authenticate(deps.db, request);
    authorize(request.caller, right);
  });
}

function readBodies(api: Api): void {
  const parseJson = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null);
    else void parseJson(request, body as string, done);
  });
}

/** However an application logs, the keys in addresses stay out of it. */
function loggerOf({ logger = false }: AppOptions): FastifyServerOptions['logger'] {
  if (logger === false) return false;
  const given = logger === true ? {} : logger;
  return { ...given, serializers: { req: requestLog, ...given.serializers } };
}

function noRoute(url: string, method: string): Problem {
  const detail = `${method} ${url} is no path of this API. ${API_PREFIX}/openapi.json lists them.`;
  return new Problem(404, 'not-found', 'Not found', detail);
}

/** The rooms of the API, in the order in which its description shows them. */
const ROUTES = [
  clientRoutes,
  closeRoutes,
  revisionRoutes,
  backfillRoutes,
  scheduleRoutes,
  sourceRoutes,
  controlRoutes,
  numberRoutes,
  exportRoutes,
  explanationRoutes,
  periodRoutes,
  exceptionRoutes,
  fixRoutes,
  incidentRoutes,
  handoffRoutes,
  eventRoutes,
  deliveryRoutes,
  auditRoutes,
  tokenRoutes,
] as const;

const routes =
  (deps: ApiDeps): FastifyPluginAsync =>
  async (instance) => {
    const api = instance.withTypeProvider<TypeBoxTypeProvider>() as Api;
    systemRoutes(api);
    for (const add of ROUTES) add(api, deps);
  };

/**
 * The API as an application that does not listen yet. Every route names the right that it needs; every failure is
 * answered as a problem; the database itself keeps one client's rows from another's token.
 */
export async function buildApp(deps: ApiDeps, options: AppOptions = {}): Promise<Api> {
  const api = Fastify({
    logger: loggerOf(options),
    bodyLimit: BODY_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  api.setValidatorCompiler(compileRequest);
  api.setErrorHandler(sendProblem);
  api.setNotFoundHandler(({ url, method }) => {
    throw noRoute(loggedUrl(url.split('?', 1)[0]!), method);
  });
  readBodies(api);
  requireRights(api);
  await limitRequests(api, options);
  guardRequests(api, deps, options);
  await describeApi(api);
  pageRoutes(api, deps);
  await api.register(routes(deps), { prefix: API_PREFIX });
  return api;
}
