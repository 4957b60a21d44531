import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { namedProblem } from '../../schemas/api/common.ts';
import type { Api } from './routes/route.ts';

const DOCUMENTATION = '/docs';

/** Publishes the OpenAPI document and a page to read it; must come before the routes that it describes. */
export async function describeApi(api: Api): Promise<void> {
  api.addSchema(namedProblem);
  await api.register(swagger, {
    // The right that a route needs is part of its description.
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, 'x-right': route.config?.right } as typeof schema,
      url,
    }),
    refResolver: { buildLocalReference: ({ $id }, _uri, _fragment, index) => String($id ?? `schema-${index}`) },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Meshline',
        version: '1',
        description: 'The nightly revenue close: clients, closes, exceptions, numbers and their audit trail.',
      },
      servers: [],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  await api.register(swaggerUi, { routePrefix: DOCUMENTATION, staticCSP: true });
  api.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect(DOCUMENTATION));
}
