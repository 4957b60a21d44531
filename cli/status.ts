import { Failure, rootCode } from './failure.ts';
import { type Endpoints, findEndpoints } from './installation.ts';
import type { Said, Session } from './session.ts';

const PROBE_MS = 5_000;

type Health = { ready?: unknown };

/** undefined where the API says that it is ready, else what happened instead. */
async function whyNotReady(api: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${api}/api/v1/health`, { signal: AbortSignal.timeout(PROBE_MS) });
    const health = (await response.json()) as Health | null;
    if (response.ok && health?.ready === true) return undefined;
    return `the API answers that it is not ready (HTTP ${response.status})`;
  } catch (error) {
    if (error instanceof SyntaxError) return 'what answers there is not the API of Meshline';
    return `the API does not answer (${rootCode(error) ?? (error as Error).name})`;
  }
}

const document = (ready: boolean, endpoints: Partial<Endpoints>) => ({
  ready,
  api: endpoints.api ?? null,
  console: endpoints.console ?? null,
  temporalUi: endpoints.temporalUi ?? null,
  postgres: endpoints.postgres ?? null,
  mailbox: endpoints.mailbox ?? null,
});

const notReady = (what: string, where: string | undefined, next: string | undefined, endpoints: Partial<Endpoints>) =>
  new Failure({ exit: 4, what, where, next, document: document(false, endpoints) });

function asNotReady(error: unknown): never {
  if (error instanceof Failure && error.parts.exit === 4)
    throw notReady(error.parts.what, error.parts.where, error.parts.next, {});
  throw error;
}

const NAMES = { api: 'API', console: 'API docs', temporalUi: 'Temporal UI', postgres: 'Postgres', mailbox: 'Mailbox' };

/** An address that may be shown to whoever looks over a shoulder; --json has the one that can be used. */
const masked = (address: string) => address.replace(/^(\w+:\/\/[^:@/]*):[^@/]*@/, '$1:…@');

const listed = (endpoints: Endpoints) =>
  Object.entries(NAMES)
    .map(([key, name]) => [name, endpoints[key as keyof Endpoints]] as const)
    .filter(([, address]) => address != null)
    .map(([name, address]) => `  ${name.padEnd(12)} ${masked(String(address))}`);

export const statusText = (endpoints: Endpoints): string => ['Meshline is running.', ...listed(endpoints)].join('\n');

/** @throws Failure with exit 4 until the services answer */
export async function status(session: Session): Promise<Said> {
  const endpoints = await findEndpoints(session.data).catch(asNotReady);
  const why = await whyNotReady(endpoints.api);
  if (why !== undefined)
    throw notReady(
      `Meshline is not ready: ${why}.`,
      endpoints.api,
      'If it is starting, try again in a few seconds; else start it with `npx meshline up`.',
      endpoints,
    );
  return {
    document: document(true, endpoints),
    people: () => statusText(endpoints),
  };
}
