import { type DecideAnswer, type LastDecision, missingArgument, refusal } from '../../../domain/exception/decision.ts';
import { hasEnded, stateAfter, verbRow } from '../../../domain/exception/table.ts';
import { type ExceptionWithDates, findException, listExceptions } from '../../../infra/postgres/read/exceptions.ts';
import { decisionById, lastDecision } from '../../../infra/postgres/review/decisions.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  type DecisionBody,
  decisionBody,
  type ExceptionDocument,
  exceptionDocument,
  exceptionList,
  exceptionParams,
  exceptionQuery,
  exceptionShowQuery,
  OPEN,
} from '../../../schemas/api/exceptions.ts';
import { type Caller, requireRole } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { exceptionDocumentOf, listedException } from '../documents/exception.ts';
import { decide } from '../engine/decide.ts';
import { refreshFixes } from '../engine/suggest-fixes.ts';
import { notFound, Problem, unprocessable } from '../problem.ts';
import { type Api, reading, requireClient, requireKnown } from './route.ts';

type Found = { row: ExceptionWithDates; taken: boolean; last: LastDecision | null };

const noException = (id: string): Problem => notFound('unknown-exception', `Exception ${id}`);

const documentOf = (deps: ApiDeps, caller: Caller, id: string): Promise<ExceptionDocument> =>
  reading(deps, caller, async (tx) => {
    const row = await findException(tx, id);
    if (!row) throw noException(id);
    return exceptionDocumentOf(tx, row);
  });

/** The exception as it is now, and whether this very decision was taken before. */
const look = (deps: ApiDeps, caller: Caller, id: string, said: Partial<DecisionBody> = {}): Promise<Found> =>
  reading(deps, caller, async (tx) => {
    const row = await findException(tx, id);
    if (!row) throw noException(id);
    await requireKnown(tx, caller, [row.client_id], said.onBehalfOf);
    const taken = (await decisionById(tx, said.decisionId ?? ''))?.exception_id === id;
    return { row, taken, last: await lastDecision(tx, id) };
  });

const inputOf = (body: DecisionBody, caller: Caller, row: ExceptionWithDates) => ({
  decisionId: body.decisionId,
  expectedVersion: body.expectedVersion ?? row.version,
  verb: body.verb,
  args: body.args ?? {},
  reason: body.reason,
  actor: caller.person,
  onBehalfOf: body.onBehalfOf ?? null,
  service: caller.service,
});

const stale = (message: string, { state, version }: Pick<DecideAnswer, 'state' | 'version'>): Problem =>
  new Problem(409, 'stale-decision', 'The exception has moved on', message, { present: { state, version } });

/**
 * Decides, unless there is nothing to decide: an exception that has resolved, or a decision sent twice, answers what it
 * is; a comment is kept all the same. Where somebody else has rejected the day, the caller is told who.
 */
async function take(deps: ApiDeps, caller: Caller, id: string, body: DecisionBody): Promise<void> {
  const { row, taken, last } = await look(deps, caller, id, body);
  if (taken) return;
  const input = inputOf(body, caller, row);
  const missing = missingArgument(input);
  if (missing !== null) throw unprocessable('incomplete-decision', 'The decision is incomplete', missing);
  const isOver = hasEnded(row.state) && stateAfter(row.state, input.verb) === undefined;
  if (isOver && row.state === 'resolved') return;
  if (isOver) throw stale(refusal({ ...row, last }, input) ?? '', row);
  const answer = await decide(deps.temporal, row, input);
  if (answer.accepted || answer.state === 'resolved') return;
  if (answer.needsAnother)
    throw new Problem(403, 'second-person-needed', 'Another person must decide', answer.message, {
      present: { state: answer.state, version: answer.version },
    });
  throw stale(answer.message, answer);
}

function listRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/exceptions',
    {
      config: { right: 'read' },
      schema: {
        summary: 'List exceptions',
        tags: ['exceptions'],
        querystring: exceptionQuery,
        response: answers({ 200: exceptionList }),
      },
    },
    ({ caller, query: { client, state } }) =>
      reading(deps, caller, async (tx) => {
        if (client !== undefined) await requireClient(tx, client);
        const open = state === OPEN;
        const rows = await listExceptions(tx, { client: client ?? null, state: open ? null : (state ?? null), open });
        return { exceptions: rows.map(listedException) };
      }),
  );
}

function showRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/exceptions/:id',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show an exception',
        tags: ['exceptions'],
        params: exceptionParams,
        querystring: exceptionShowQuery,
        response: answers({ 200: exceptionDocument }),
      },
    },
    async ({ caller, params: { id }, query: { fixes } }) => {
      const { row } = await look(deps, caller, id);
      if (fixes !== 'kept' && !hasEnded(row.state)) await refreshFixes(deps.temporal, id, row.client_id);
      return documentOf(deps, caller, id);
    },
  );
}

function decideRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/exceptions/:id/decisions',
    {
      config: { right: 'exception.decide' },
      schema: {
        summary: 'Decide on an exception',
        tags: ['exceptions'],
        params: exceptionParams,
        body: decisionBody,
        response: answers({ 200: exceptionDocument }),
      },
    },
    async ({ caller, params: { id }, body }) => {
      requireRole(caller, verbRow(body.verb).role, `to ${body.verb} an exception`);
      await take(deps, caller, id, body);
      return documentOf(deps, caller, id);
    },
  );
}

/** Exceptions, and decisions on them. */
export function exceptionRoutes(api: Api, deps: ApiDeps): void {
  listRoute(api, deps);
  showRoute(api, deps);
  decideRoute(api, deps);
}
