import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

export const TOKEN = 'a-token-of-the-tests';

export type Recorded = { method: string; path: string; query: unknown; body: unknown };
type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown;
export type Routes = Readonly<Record<string, Answer>>;

export const problem = (reply: FastifyReply, status: number, kind: string, detail: string, more: object = {}) =>
  reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({ type: `/problems/${kind}`, title: kind, status, detail, ...more });

/** A server on a port of its own that answers as the API does, and remembers what it was asked. */
export type RecordedApi = {
  url: string;
  /** What the program needs to find it. */
  env: Record<string, string>;
  asked: Recorded[];
  close: () => Promise<void>;
};

function checkToken(request: FastifyRequest, reply: FastifyReply) {
  if (request.url === '/api/v1/health' || request.headers.authorization === `Bearer ${TOKEN}`) return undefined;
  return problem(reply, 401, 'unauthorized', 'The token is not valid.');
}

function addRoutes(app: FastifyInstance, routes: Routes): void {
  for (const [route, answer] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ');
    app.route({ method, url: `/api/v1${path}`, handler: async (request, reply) => answer(request, reply) });
  }
}

/** @param routes answers by method and path below /api/v1, such as `GET /clients/:client` */
export async function serveRecorded(routes: Routes): Promise<RecordedApi> {
  const app = fastify();
  const asked: Recorded[] = [];
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async (request, reply) => checkToken(request, reply));
  app.addHook('preHandler', async ({ method, url, query, body }) => {
    asked.push({ method, path: url.replace('/api/v1', '').split('?')[0] ?? '', query, body });
  });
  addRoutes(app, { 'GET /health': () => ({ ready: true }), ...routes });
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, 'not-found', `${request.url}: not found. Look at the list.`),
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, env: { MESHLINE_URL: url, MESHLINE_TOKEN: TOKEN }, asked, close: () => app.close() };
}
