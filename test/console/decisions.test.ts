import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import { connect } from '../../infra/postgres/connect.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import type { ExceptionDocument } from '../../schemas/api/exceptions.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { DATE, deskDocument } from '../support/exception-desk.ts';
import { type Line, openLine } from '../support/outage.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest, startDevServer, until, withWorker } from '../support/temporal.ts';
import { type ApiBench, startApi } from './api-bench.ts';

/** The API reaches Temporal, and the worker Postgres, over lines that can be cut. */
let bench: CloseBench;
let environment: TestWorkflowEnvironment;
let api: ApiBench;
let toTemporal: Line;
let toPostgres: Line;
let shop: SmallShop;
let stopWorker: () => Promise<void>;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  if (!devServer) return;
  bench = await startCloseBench();
  environment = await startDevServer();
  const [host, port] = environment.address.split(':');
  toTemporal = await openLine(host!, Number(port));
  const postgres = new URL(bench.database.url);
  toPostgres = await openLine(postgres.hostname, Number(postgres.port));
  postgres.port = String(toPostgres.port);
  postgres.hostname = '127.0.0.1';
  const { db } = connect(postgres.href);
  const activities = createActivities({ ...bench.deps, db, engine: engineOver(environment.client) });
  const over = Promise.withResolvers<void>();
  const working = withWorker(environment, activities, () => over.promise);
  stopWorker = async () => {
    over.resolve();
    await working;
    await db.destroy();
  };
  // A line that was mended is found at once, not after the library's two minutes.
  const channelArgs = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 200 };
  const connection = Connection.lazy({ address: `127.0.0.1:${toTemporal.port}`, channelArgs });
  const temporal = new Client({ connection, namespace: environment.namespace });
  const withDeadline = temporal.withDeadline.bind(temporal);
  // A person waits twenty seconds for an answer that does not come; a test need not.
  temporal.withDeadline = (deadline, work) => withDeadline(Math.min(Number(deadline), Date.now() + 5_000), work);
  api = await startApi({ database: bench.database, temporal, secrets: bench.deps.secrets });
  shop = await openSmallShop();
  for (const person of ['ada', 'ben', 'mia']) tokens[person] = await api.token('owner', null, person);
  for (const robot of ['night-bot', 'day-bot']) tokens[robot] = await api.token('owner', null, robot, true);
}, 120_000);

afterAll(async () => {
  if (!devServer) return;
  toPostgres.mend();
  toTemporal.mend();
  await stopWorker();
  await api.stop();
  await Promise.all([toTemporal.close(), toPostgres.close()]);
  await environment.teardown();
  await bench.stop();
  await shop.remove();
}, 120_000);

const ask = <T = Record<string, unknown>>(person: string, method: string, path: string, body?: unknown) =>
  api.ask<T>(method, path, { token: tokens[person]!, body });

// A cut line is found out by deadlines of many seconds.
jest.setTimeout(240_000);

let clients = 0;

/** An exception that waits for a decision. `mia` applied its client's model. */
async function waiting(exceptions: object = {}): Promise<string> {
  clients += 1;
  const clientId = `decided-${clients}`;
  await shop.totals([`${DATE},11.00,`]);
  await shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' }]);
  expect(await ask('mia', 'POST', '/clients', deskDocument(shop, { clientId, exceptions }))).toMatchObject({
    status: 200,
  });
  await ask('ada', 'POST', `/clients/${clientId}/closes/${DATE}`);
  const closed = await ask<CloseDocument>('ada', 'GET', `/clients/${clientId}/closes/${DATE}?waitSeconds=30`);
  const [exception] = closed.body.exceptions;
  await until(async () => (await show(exception!.id)).state === 'awaiting_decision');
  return exception!.id;
}

const show = async (id: string) => (await ask<ExceptionDocument>('ada', 'GET', `/exceptions/${id}`)).body;
const said = (verb: string, more: object = {}) => ({ decisionId: randomUUID(), verb, reason: 'checked', ...more });
const decide = (person: string, id: string, body: object) => ask(person, 'POST', `/exceptions/${id}/decisions`, body);

/** What is written of an exception: its decisions, and the audit rows that tell of them. */
async function written(id: string): Promise<{ decisions: number; audited: string[] }> {
  const decisions = await sql`select from decision where exception_id = ${id}`.execute(bench.db);
  const { rows } = await sql<{ record: string }>`select record from audit_event order by sequence`.execute(bench.db);
  const events = rows.map((row) => JSON.parse(row.record)).filter((one) => one.subject === id && one.detail.decisionId);
  return { decisions: decisions.rows.length, audited: events.map((one) => one.action) };
}

devServerTest('two people decide at the same instant: one wins, the other is told who and what', async () => {
  const id = await waiting();
  const expectedVersion = (await show(id)).version;
  const answers = await Promise.all([
    decide('ada', id, said('reject', { expectedVersion, reason: 'the export is wrong' })),
    decide('ben', id, said('rerun', { expectedVersion, reason: 'the page is there now' })),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const lost = answers.find(({ status }) => status === 409)!;
  expect(lost.body.detail).toMatch(
    /ada rejected it: the export is wrong\.|ben ran the day anew: the page is there now\./,
  );
  expect((await written(id)).decisions).toBe(1);
});

devServerTest('where two people must agree, one person is not two: by the API, with --as, by a signal', async () => {
  const id = await waiting({ makerChecker: { amountAbove: '0.50' } });
  expect(await decide('ada', id, said('approve'))).toMatchObject({ status: 200, body: { state: 'awaiting_second' } });
  for (const more of [{}, { onBehalfOf: 'ben' }]) {
    const again = await decide('ada', id, said('approve', more));
    expect([again.status, again.body.type]).toEqual([403, '/problems/second-person-needed']);
    expect(again.body.detail).toBe('ada has proposed this; another person must agree.');
  }
  const mapper = await decide('mia', id, said('approve'));
  expect([mapper.status, mapper.body.detail]).toEqual([
    403,
    'mia applied the transform of shop that the day uses; somebody else must accept the difference that it may have made.',
  ]);
  const review = environment.client.workflow.getHandle(exceptionWorkflowId(id));
  await review.signal('decide-signal', { verb: 'approve', reason: 'I am somebody else', identity: 'ben' });
  await until(async () => (await written(id)).audited.includes('exception.signal_refused'));
  expect((await show(id)).state).toBe('awaiting_second');
  expect(await decide('ben', id, said('approve'))).toMatchObject({ status: 200 });
  await until(async () => (await show(id)).state === 'resolved');
  expect((await written(id)).audited).toEqual([
    'exception.propose',
    ...Array(3).fill('exception.decision_refused'),
    'exception.signal_refused',
    'exception.approve',
  ]);
});

devServerTest('where two people must agree, a service neither proposes nor agrees', async () => {
  const id = await waiting({ makerChecker: { amountAbove: '0.50' } });
  expect(await decide('night-bot', id, said('approve'))).toMatchObject({
    status: 403,
    body: {
      type: '/problems/second-person-needed',
      detail: 'This needs people, and the token of night-bot belongs to a service. Decide with a token of your own.',
    },
  });
  expect(await decide('ada', id, said('approve'))).toMatchObject({ status: 200, body: { state: 'awaiting_second' } });
  expect((await decide('day-bot', id, said('approve'))).status).toBe(403);
  expect((await show(id)).state).toBe('awaiting_second');
});

devServerTest('who is on it, who has it now, and what was said stand in the exception', async () => {
  const id = await waiting();
  expect(await decide('ben', id, said('claim'))).toMatchObject({ status: 200, body: { claimedBy: 'ben', version: 1 } });
  expect(await decide('ada', id, said('reassign', { args: { to: 'dan' } }))).toMatchObject({
    status: 200,
    body: { owner: 'dan', responsible: 'dan', claimedBy: null, version: 2 },
  });
  for (const [verb, detail] of [
    ['reassign', 'Name the person who is to have it.'],
    ['apply_fix', 'Name the fix to apply.'],
  ] as const)
    expect(await decide('ada', id, said(verb))).toMatchObject({
      status: 422,
      body: { type: '/problems/incomplete-decision', detail },
    });
  const commented = await decide('ada', id, said('comment', { reason: 'the shop looks into it' }));
  expect(commented).toMatchObject({ status: 200, body: { version: 2, state: 'awaiting_decision' } });
  expect((await show(id)).timeline.map(({ event }) => event)).toEqual(
    expect.arrayContaining([expect.stringContaining('the shop looks into it')]),
  );
});

devServerTest('nothing is decided for somebody who is not among the people of the client', async () => {
  const id = await waiting();
  const refused = await decide('ada', id, said('reject', { onBehalfOf: 'nobody-known' }));
  expect(refused).toMatchObject({ status: 422, body: { type: '/problems/unknown-person' } });
  expect(await written(id)).toEqual({ decisions: 0, audited: [] });
});

devServerTest('a comment on an exception that has ended is kept, and nothing else changes', async () => {
  const id = await waiting();
  expect(await decide('ada', id, said('reject'))).toMatchObject({ status: 200, body: { state: 'rejected' } });
  const review = environment.client.workflow.getHandle(exceptionWorkflowId(id));
  const ended = async () => (await review.describe()).status.name === 'COMPLETED';
  await until(ended);
  const before = await show(id);
  const mails = bench.mailbox.mails.length;
  const comment = said('comment', { reason: 'the shop has since said why' });
  for (let time = 0; time < 2; time += 1)
    expect(await decide('ben', id, comment)).toMatchObject({ status: 200, body: { state: 'rejected', version: 2 } });
  await until(ended);
  const after = await show(id);
  expect({ ...after, timeline: [] }).toEqual({ ...before, timeline: [] });
  expect(after.timeline.at(-1)).toMatchObject({ actor: 'ben', event: 'Commented: the shop has since said why' });
  expect(await written(id)).toEqual({ decisions: 2, audited: ['exception.reject', 'exception.comment'] });
  expect(bench.mailbox.mails).toHaveLength(mails);
  expect((await decide('ben', id, said('approve'))).status).toBe(409);
});

devServerTest('a decision while Temporal is away is clearly not taken, and taken once when it is back', async () => {
  const id = await waiting();
  const body = said('reject');
  toTemporal.cut();
  const away = await decide('ada', id, body);
  expect(away.status).toBe(503);
  expect(await written(id)).toEqual({ decisions: 0, audited: [] });
  toTemporal.mend();
  // Cut again while it is on its way: whatever became of it, sent again it is one.
  const onItsWay = decide('ada', id, body);
  setTimeout(() => toTemporal.cut(), 5);
  await onItsWay;
  toTemporal.mend();
  await until(async () => (await decide('ada', id, body)).status === 200);
  expect(await written(id)).toEqual({ decisions: 1, audited: ['exception.reject'] });
});

devServerTest('a decision while Postgres is away is handed over, and taken once when it is back', async () => {
  const id = await waiting();
  const body = said('reject');
  toPostgres.cut();
  const away = await decide('ada', id, body);
  expect([away.status, away.body.type]).toEqual([503, '/problems/decision-unanswered']);
  expect(await written(id)).toEqual({ decisions: 0, audited: [] });
  toPostgres.mend();
  await until(async () => (await decide('ada', id, body)).status === 200);
  expect((await show(id)).state).toBe('rejected');
  expect(await written(id)).toEqual({ decisions: 1, audited: ['exception.reject'] });
});
