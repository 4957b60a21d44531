import { health } from '../../../schemas/api/health.ts';
import type { Api } from './route.ts';

/** What is asked before anybody is known. */
export function systemRoutes(api: Api): void {
  api.get(
    '/health',
    {
      config: { right: 'public' },
      schema: { summary: 'Whether the API serves', tags: ['system'], security: [], response: { 200: health } },
    },
    () => ({ ready: true }),
  );
  api.get(
    '/openapi.json',
    { config: { right: 'public' }, schema: { hide: true } },
    () => api.swagger() as unknown as Record<string, unknown>,
  );
}
