import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type Activities, createActivities } from '../../activities/index.ts';
import { createRepairIncidents } from '../../activities/installation/repair-incidents.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { installationOver } from '../../infra/temporal/installation.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import type { IncidentDocument, IncidentList } from '../../schemas/api/incidents.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { type ApiBench, startApi } from '../console/api-bench.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { INCIDENT_DATE, incidentBench } from '../support/incident-bench.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest, startDevServer, until, withWorker } from '../support/temporal.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let environment: TestWorkflowEnvironment;
let bench: CloseBench;
let api: ApiBench;
let shop: SmallShop;
let receiver: Receiver;
let activities: Activities;
let day: ReturnType<typeof incidentBench>;
beforeAll(async () => {
  [bench, shop, receiver] = await Promise.all([startCloseBench(), openSmallShop(), startReceiver()]);
  if (!devServer) return;
  environment = await startDevServer();
  activities = createActivities({ ...bench.deps, engine: engineOver(environment.client) });
  day = incidentBench({ ...bench, activities }, () => shop);
  api = await startApi({ database: bench.database, temporal: environment.client, secrets: bench.deps.secrets });
});
afterAll(async () => {
  await api?.stop();
  await environment?.teardown();
  await Promise.all([bench.stop(), shop.remove(), receiver.close()]);
});

const document = async (id: string): Promise<IncidentDocument> =>
  (await api.ask<IncidentDocument>('GET', `/incidents/${id}`, { token: await api.token('viewer') })).body;
const isIn = (id: string, state: string) => until(async () => (await document(id)).state === state);
const act = async (id: string, verb: string, reason: string, more: object = {}) =>
  api.ask('POST', `/incidents/${id}/decisions`, {
    token: await api.token('operator', null, 'ada'),
    body: { decisionId: `${id}-${verb}`, verb, reason, ...more },
  });
/** Why an incident that nobody has is not handed to somebody whom the model does not know. */
async function refusedFor(id: string): Promise<unknown> {
  const { status, body } = await act(id, 'ack', 'for them', { onBehalfOf: 'nobody' });
  expect([status, (await document(id)).state]).toEqual([422, 'open']);
  return (body as { detail: string }).detail;
}
const overdue = (client: string): Promise<string> =>
  day.overdue(client, {
    report: {
      destinations: [{ id: 'ops-chat', kind: 'webhook', url: receiver.url, secretRef: 'ops-hook', mode: 'live' }],
    },
    routing: ['incident.opened', 'incident.acknowledged', 'incident.resolved'].map((on) => ({
      on,
      to: ['ops-chat', 'ada'],
    })),
  });

devServerTest('an incident is told, acknowledged by the API, resolves with its day, and is summed up', async () => {
  let id = '';
  await withWorker(environment, activities, async () => {
    id = await overdue('live');
    await until(() => day.mailsTo('ben@').length === 1 && day.mailsTo('ada@').length === 1);
    receiver.answerWith(500);
    expect(await refusedFor(id)).toBe('nobody is not among the people of live: ada, ben.');
    expect((await act(id, 'ack', 'on it')).status).toBe(200);
    expect(await document(id)).toMatchObject({ state: 'acknowledged', owner: 'ada' });
    const env = { MESHLINE_URL: api.url, MESHLINE_TOKEN: await api.token('operator', ['live'], 'ada') };
    const updated = await runCli(['incidents', 'update', id, '--message', 'the shop looks', '--json'], env);
    expect([updated.exit, JSON.parse(updated.stdout).timeline.at(-1)]).toMatchObject([
      0,
      { actor: 'ada', event: 'the shop looks.' },
    ]);
    const shown = await runCli(['incidents', 'show', id], env);
    expect(shown.stdout).toContain(`npx meshline incidents resolve ${id} --cause`);
    await day.heal('live');
    await activities.exceptionEnded((await document(id)).exceptions[0]!);
    await isIn(id, 'closed');
    expect((await act(id, 'resolve', 'too late')).status).toBe(200);
    await until(async () => (await document(id)).webhooks.filter((one) => one.status === 'sent').length === 3);
  });
  const closed = await document(id);
  expect(closed).toMatchObject({
    state: 'closed',
    cause: expect.stringContaining('no longer found'),
    summary: {
      impact: { clients: 1, days: 1, exceptions: 1 },
      told: expect.arrayContaining(['ben@agency.example', 'ops-chat (webhook)']),
    },
  });
  expect(day.mailsTo('ben@').at(-1)!.subject).toContain('Incident resolved');
  const events = new Map(receiver.received.map(({ headers: one }) => [one['idempotency-key'], one['meshline-event']]));
  expect([...events.values()].filter((one) => String(one).startsWith('incident.'))).toEqual([
    'incident.opened',
    'incident.acknowledged',
    'incident.resolved',
  ]);
  const shown = await api.ask<{ incident: object }>('GET', `/exceptions/${closed.exceptions[0]}`, {
    token: await api.token('viewer'),
  });
  expect(shown.body.incident).toEqual({ id: closed.id, severity: 'major', state: 'closed', owner: 'ada' });
});

devServerTest('one cause at two clients is resolved for both by one person, and told apart by tokens', async () => {
  await withWorker(environment, activities, async () => {
    const [first, second] = [await overdue('left'), await overdue('right')];
    const parentId = (await document(second)).parent!;
    expect(await document(parentId)).toMatchObject({
      client: null,
      businessDate: null,
      members: [{ client: 'left' }, { client: 'right' }],
    });
    expect(await refusedFor(parentId)).toBe('nobody is not among the people of left, right: ada, ben.');
    const token = await api.token('owner', ['left']);
    const narrow = await api.ask<IncidentDocument>('GET', `/incidents/${first}`, { token });
    expect([narrow.status, narrow.body.parent, JSON.stringify(narrow.body).includes('right')]).toEqual([
      200,
      null,
      false,
    ]);
    expect((await api.ask('GET', `/incidents/${parentId}`, { token })).status).toBe(404);
    expect((await act(parentId, 'resolve', 'the platform was down')).status).toBe(200);
    await Promise.all([first, second, parentId].map((id) => isIn(id, 'closed')));
    expect((await document(first)).cause).toBe('the platform was down');
  });
});

devServerTest('an incident whose workflow is gone gets another, and one that missed its end hears of it', async () => {
  const repair = createRepairIncidents({
    ...bench.deps,
    engine: engineOver(environment.client),
    installation: installationOver(environment.client),
  });
  await withWorker(environment, activities, async () => {
    const id = await overdue('lost');
    await until(async () => (await document(id)).told.length > 0);
    await environment.client.workflow.getHandle(`incident/${id}`).terminate('lost');
    await until(async () => (await repair()).started.includes(id));
    await day.heal('lost');
    await until(async () => {
      await repair();
      return (await document(id)).state === 'closed';
    });
  });
});

/** The review of an exception, as a close would start it. */
const review = (client: string, exceptionId: string) =>
  environment.client.workflow.start('reviewException', {
    taskQueue: TASK_QUEUE,
    workflowId: `exception/${exceptionId}`,
    args: [{ exceptionId, clientId: client, businessDate: INCIDENT_DATE }],
  });
const incidentsOf = async (client: string): Promise<IncidentList['incidents']> => {
  const token = await api.token('viewer');
  return (await api.ask<IncidentList>('GET', `/incidents?client=${client}`, { token })).body.incidents;
};

devServerTest(
  'a review opens the incident when its deadline passes, and ends it when the finding is gone',
  async () => {
    await withWorker(environment, activities, async () => {
      await day.apply('late', { exceptions: { decideWithin: '1s' } });
      const exceptionId = await day.findDifference('late', '10.00');
      const handle = await review('late', exceptionId);
      await until(async () => (await incidentsOf('late')).length === 1);
      const [opened] = await incidentsOf('late');
      expect(opened).toMatchObject({ severity: 'major', exceptions: [exceptionId] });
      await day.heal('late');
      await handle.signal('attempt-ended', { attempt: 2 });
      expect(await handle.result()).toBe('resolved');
      await isIn(opened!.id, 'closed');
    });
  },
);

devServerTest('a review opens the incident at once above a threshold, long before the deadline', async () => {
  await withWorker(environment, activities, async () => {
    await day.apply('huge');
    await review('huge', await day.findDifference('huge', '911.00'));
    await until(async () => (await incidentsOf('huge')).length === 1);
    expect(await incidentsOf('huge')).toMatchObject([
      { severity: 'critical', state: 'open', businessDate: INCIDENT_DATE },
    ]);
  });
});
