import { buildApp } from './app.ts';
import type { ApiDeps } from './deps.ts';

/** Describing the routes calls none of them: nothing is connected. */
const UNCONNECTED = { secrets: {}, files: {} } as ApiDeps;

/** The OpenAPI document of the API as it stands in the code, as stable text. */
export async function openApiText(): Promise<string> {
  const app = await buildApp(UNCONNECTED);
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

if (import.meta.main) process.stdout.write(await openApiText());
