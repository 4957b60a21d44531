import { storyOf } from '../../../domain/audit-story.ts';
import { INSTALLATION, verifyAudit } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import {
  type AttemptRow,
  attemptsOfDay,
  eventsOfDay,
  type StoredEvent,
  visibleChains,
} from '../../../infra/postgres/read/audit.ts';
import {
  type AuditDocument,
  auditDocument,
  auditQuery,
  type Verification,
  verification,
  verifyQuery,
} from '../../../schemas/api/audit.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { instantText } from '../documents/amounts.ts';
import { noDay } from '../problem.ts';
import { type Api, reading, requireClient } from './route.ts';

/** What a night told of the day was no attempt of the day, and what is told beside any attempt has none. */
export const toChapter = (event: StoredEvent, date: string): AuditDocument['story'][number] => ({
  at: event.at,
  actor: event.actor,
  ...(event.onBehalfOf !== undefined && { onBehalfOf: event.onBehalfOf }),
  attempt: event.businessDate === date ? event.attempt || null : null,
  text: storyOf(event),
});

const toAttempt = (row: AttemptRow): AuditDocument['attempts'][number] => ({
  attempt: row.attempt,
  cause: row.cause,
  actor: row.actor,
  beginsAt: row.begins_at,
  modelVersion: row.model_version,
  status: row.status,
  error: row.error,
  startedAt: row.started_at.toISOString(),
  endedAt: instantText(row.ended_at),
  runId: row.run_id,
});

/** The chains that a caller may have verified; the installation's own is for administrators. */
async function chainsFor(tx: Tx, caller: Caller, client: string | undefined): Promise<string[]> {
  if (client !== undefined) {
    await requireClient(tx, client);
    return [client];
  }
  return (await visibleChains(tx)).filter((one) => one !== INSTALLATION || caller.role === 'admin');
}

async function verifyChains(tx: Tx, key: Buffer, chains: readonly string[]): Promise<Verification> {
  const verified: Verification = { ok: true, events: 0, problems: [] };
  for (const chain of chains) {
    const { events, problems } = await verifyAudit(tx, key, chain);
    verified.events += events;
    verified.problems.push(...problems);
  }
  return { ...verified, ok: verified.problems.length === 0 };
}

function storyRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/audit',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Tell what happened on a day',
        tags: ['audit'],
        params: clientParams,
        querystring: auditQuery,
        response: answers({ 200: auditDocument }),
      },
    },
    ({ caller, params: { client }, query: { date } }) =>
      reading(deps, caller, async (tx) => {
        await requireClient(tx, client);
        const events = await eventsOfDay(tx, client, date);
        const attempts = await attemptsOfDay(tx, client, date);
        if (events.length + attempts.length === 0) throw noDay(client, date);
        return {
          client,
          businessDate: date,
          story: events.map((one) => toChapter(one, date)),
          attempts: attempts.map(toAttempt),
        };
      }),
  );
}

function verifyRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/audit/verify',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Verify the audit chains',
        tags: ['audit'],
        querystring: verifyQuery,
        response: answers({ 200: verification }),
      },
    },
    ({ caller, query: { client } }) =>
      reading(deps, caller, async (tx) => verifyChains(tx, deps.secrets.auditKey, await chainsFor(tx, caller, client))),
  );
}

/** What happened, and whether its record is whole. */
export function auditRoutes(api: Api, deps: ApiDeps): void {
  storyRoute(api, deps);
  verifyRoute(api, deps);
}
