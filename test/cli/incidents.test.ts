import { incident } from '../../cli/reference/samples.ts';
import { problem, type RecordedApi, serveRecorded } from './support/recorded-api.ts';
import { runCli } from './support/run-cli.ts';

const SHOW = 'GET /incidents/:id';
const STEP = 'POST /incidents/:id/decisions';
const ID = incident.id;

let api: RecordedApi;
afterEach(() => api.close());
const sent = () => api.asked.filter(({ method }) => method === 'POST').map(({ body }) => body);

describe('incidents', () => {
  it('are listed with who holds them; those that are over are counted', async () => {
    const incidents = [incident, { ...incident, id: '77aa', state: 'closed' }];
    api = await serveRecorded({ 'GET /incidents': () => ({ incidents }) });
    const people = await runCli(['incidents', 'list', '--client', 'corner-shop'], api.env);
    const script = await runCli(['incidents', 'list', '--json'], api.env);
    const asked = await runCli(['incidents', 'list', '--state', 'closed'], api.env);
    expect(people.stdout).toMatch(/b7d20c4e91f35a688d01\s+corner-shop\s+Tue 31 Mar 2026\s+major\s+ben\s+acknowledged/);
    expect(people.stdout).toContain('1 incident that');
    expect([people.stdout.includes('77aa'), asked.stdout.includes('77aa')]).toEqual([false, true]);
    expect(JSON.parse(script.stdout)).toEqual({ incidents });
    expect(api.asked.map((one) => one.query)).toEqual([{ client: 'corner-shop' }, {}, { state: 'closed' }]);
  });

  it('are shown whole, with what to do next', async () => {
    api = await serveRecorded({ [SHOW]: () => incident });
    const { exit, stdout } = await runCli(['incidents', 'show', ID], api.env);
    expect(exit).toBe(0);
    expect(stdout).toContain('ben: Acknowledged by ben: on it.');
    expect(stdout).toContain('ops-chat: incident.opened, sent');
    expect(stdout).toContain(`npx meshline incidents resolve ${ID} --cause "what it was"`);
    const script = await runCli(['incidents', 'show', ID, '--json'], api.env);
    expect(JSON.parse(script.stdout)).toEqual(incident);
  });

  it('that are over show their summary', async () => {
    const impact = {
      clients: 1,
      days: 1,
      exceptions: 1,
      metricsWithheld: ['gross_sales'],
      differences: [{ client: 'corner-shop', businessDate: '2026-03-31', amount: '-95.85', currency: 'GBP' }],
    };
    const actions = [{ at: '2026-04-01T11:00:00.000Z', actor: 'ada', event: 'rerun: the page is there' }];
    const told = { minutesToAcknowledge: null, minutesToResolve: 61, told: [], timeline: [] };
    const summary = { cause: 'a lost page', ...told, impact, actions };
    api = await serveRecorded({ [SHOW]: () => ({ ...incident, state: 'closed', cause: 'a lost page', summary }) });
    const { stdout } = await runCli(['incidents', 'show', ID], api.env);
    expect(stdout).toContain('Acknowledged       by nobody');
    expect(stdout).toContain('Resolved after     61 minutes');
    expect(stdout).toContain('-95.85 GBP');
    expect(stdout).toContain('ada: rerun: the page is there');
    expect(stdout).not.toContain('Next:');
  });

  it('that are not there say what to do', async () => {
    api = await serveRecorded({
      [SHOW]: (_, reply) => problem(reply, 404, 'unknown-incident', 'Incident 77: not found.'),
    });
    const { exit, stderr } = await runCli(['incidents', 'show', '77'], api.env);
    expect([exit, stderr.includes('npx meshline incidents list')]).toEqual([1, true]);
  });
});

describe('a step', () => {
  it.each([
    [['ack', ID], { verb: 'ack', reason: 'on it' }],
    [['ack', ID, '--as', 'ben'], { verb: 'ack', onBehalfOf: 'ben' }],
    [['update', ID, '--message', 'the shop looks'], { verb: 'update', reason: 'the shop looks' }],
    [['resolve', ID, '--cause', 'a lost page'], { verb: 'resolve', reason: 'a lost page' }],
    [['resolve', ID, '--reason', 'a lost page'], { verb: 'resolve', reason: 'a lost page' }],
  ])('%j is sent as %j', async (words, body) => {
    api = await serveRecorded({ [STEP]: () => incident });
    const { exit, stdout } = await runCli(['incidents', ...words, '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, incident]);
    expect(sent()).toMatchObject([{ decisionId: expect.any(String), ...body }]);
  });

  it('that resolves without a cause is wrong usage', async () => {
    api = await serveRecorded({});
    const { exit, stderr } = await runCli(['incidents', 'resolve', ID], api.env);
    expect([exit, stderr.includes('--cause'), sent()]).toEqual([2, true, []]);
  });

  it('on an incident that is over is done, and prints what it is', async () => {
    api = await serveRecorded({ [STEP]: () => ({ ...incident, state: 'closed' }) });
    const { exit, stdout } = await runCli(['incidents', 'ack', ID], api.env);
    expect([exit, stdout.includes('it is closed')]).toEqual([0, true]);
  });
});
