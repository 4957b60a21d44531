import { anException, waitingDay } from './support/documents.ts';
import { problem, type RecordedApi, serveRecorded } from './support/recorded-api.ts';
import { runCli } from './support/run-cli.ts';

const SHOW = 'GET /exceptions/:id';
const DECIDE = 'POST /exceptions/:id/decisions';
const deciding = { ...anException, state: 'deciding', version: 4 };

let api: RecordedApi;
afterEach(() => api.close());

const decisions = () =>
  api.asked.filter(({ method }) => method === 'POST').map(({ body }) => body as Record<string, unknown>);

describe('an edit', () => {
  const words = ['exceptions', 'resubmit', '4f1c09aa7b2e5d81c3f6', '--record', '7', '--set', 'price=1'];
  it.each([
    [['--record', '8'], 'one record'],
    [['--set', 'price=2'], 'one value for price'],
  ])('is of one record, and gives a field one value: %s is refused', async (more, expected) => {
    api = await serveRecorded({});
    const { exit, stderr } = await runCli([...words, ...more], api.env);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(expected)]);
    expect(api.asked).toEqual([]);
  });

  it('is shown as the next step where records are in quarantine', async () => {
    const record = { source: 'till', place: 'till.csv line 4', key: '4', amount: null, currency: null, errors: [] };
    api = await serveRecorded({
      [SHOW]: () => ({ ...anException, quarantined: [{ ...record, event: '7', record: null }] }),
    });
    const { stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(stdout).toContain('exceptions resubmit 4f1c09aa7b2e5d81c3f6 --record 7 --set field=value');
    await api.close();
    api = await serveRecorded({ [SHOW]: () => ({ ...anException, quarantined: [] }) });
    const without = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(without.stdout).not.toContain('resubmit');
  });
});

describe('a decision', () => {
  it.each(['approve', 'reject', 'rerun'])('to %s binds to the present version of the exception', async (verb) => {
    api = await serveRecorded({ [SHOW]: () => anException, [DECIDE]: () => deciding });
    const words = [
      'exceptions',
      verb,
      '4f1c09aa7b2e5d81c3f6',
      '--reason',
      'checked with the shop',
      '--as',
      'ada',
      '--json',
    ];
    const { exit, stdout } = await runCli(words, api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, deciding]);
    expect(decisions()).toEqual([
      { decisionId: expect.any(String), verb, reason: 'checked with the shop', expectedVersion: 3, onBehalfOf: 'ada' },
    ]);
  });

  it('binds to the version that is named, without looking at the present one', async () => {
    api = await serveRecorded({ [DECIDE]: () => deciding });
    const { exit } = await runCli(
      ['exceptions', 'approve', '4f1c09aa7b2e5d81c3f6', '--reason', 'ok', '--version', '2'],
      api.env,
    );
    expect([exit, decisions()[0]!.expectedVersion]).toEqual([0, 2]);
  });

  it('is another one with each invocation', async () => {
    api = await serveRecorded({ [SHOW]: () => anException, [DECIDE]: () => deciding });
    const words = ['exceptions', 'rerun', '4f1c09aa7b2e5d81c3f6'];
    await runCli(words, api.env);
    await runCli(words, api.env);
    const [first, second] = decisions();
    expect(first!.decisionId).not.toBe(second!.decisionId);
  });

  it('on an exception that has resolved by itself is done, and prints its state', async () => {
    const resolved = { ...anException, state: 'resolved', version: 5 };
    api = await serveRecorded({ [SHOW]: () => resolved, [DECIDE]: () => resolved });
    const words = ['exceptions', 'approve', '4f1c09aa7b2e5d81c3f6', '--reason', 'ok'];
    const people = await runCli(words, api.env);
    const script = await runCli([...words, '--json'], api.env);
    expect([people.exit, script.exit, JSON.parse(script.stdout).state]).toEqual([0, 0, 'resolved']);
    expect(people.stdout).toContain('it is resolved');
  });

  it('that is a comment is kept also where the exception has resolved', async () => {
    const resolved = { ...anException, state: 'resolved' };
    api = await serveRecorded({ [SHOW]: () => resolved, [DECIDE]: () => resolved });
    const words = ['exceptions', 'comment', '4f1c09aa7b2e5d81c3f6', '--reason', 'the shop said why'];
    const { exit, stdout } = await runCli(words, api.env);
    expect([exit, stdout]).toEqual([
      0,
      expect.stringContaining('your comment is kept; the exception is now resolved.'),
    ]);
  });

  it('on a rejected exception names the way back: the day is closed anew', async () => {
    api = await serveRecorded({
      [SHOW]: () => ({ ...anException, state: 'rejected' }),
      [DECIDE]: (_, reply) => problem(reply, 409, 'stale-decision', 'The exception is rejected.'),
    });
    const { exit, stderr } = await runCli(['exceptions', 'rerun', '4f1c09aa7b2e5d81c3f6', '--reason', 'ok'], api.env);
    expect(exit).toBe(1);
    expect(stderr).toContain(`close run --client ${anException.client} --date ${anException.businessDate}`);
  });

  it('that comes too late fails with the present state', async () => {
    api = await serveRecorded({
      [SHOW]: () => anException,
      [DECIDE]: (_, reply) =>
        problem(reply, 409, 'stale-decision', 'You saw version 2, the exception is now at version 3.', {
          present: { state: 'awaiting_decision', version: 3 },
        }),
    });
    const words = ['exceptions', 'approve', '4f1c09aa7b2e5d81c3f6', '--reason', 'ok', '--version', '2', '--json'];
    const { exit, stdout, stderr } = await runCli(words, api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([1, anException]);
    expect(stderr).toContain('You saw version 2');
    expect(stderr).toContain('awaiting decision at version 3');
  });
});

describe('exceptions', () => {
  it('are listed with who decides until when', async () => {
    api = await serveRecorded({ 'GET /exceptions': () => ({ exceptions: [anException] }) });
    const words = ['exceptions', 'list', '--client', 'online-retail', '--state', 'awaiting_decision'];
    const { exit, stdout } = await runCli(words, { ...api.env, TZ: 'Europe/London' });
    expect([exit, api.asked[0]!.query]).toEqual([0, { client: 'online-retail', state: 'awaiting_decision' }]);
    expect(stdout).toMatch(
      /4f1c09aa7b2e5d81c3f6\s+online-retail\s+Wed 1 Dec 2010\s+control difference\s+invoiced_total\s+-8,795\.12 GBP\s+revenue-lead/,
    );
    expect(stdout).toMatch(/Thu 2 Dec 11:00 \([\d,]+ days ago\)/);
    expect(stdout).toContain('npx meshline exceptions show 4f1c09aa7b2e5d81c3f6');
  });

  it('that are none are said to be none', async () => {
    api = await serveRecorded({ 'GET /exceptions': () => ({ exceptions: [] }) });
    const { stdout } = await runCli(['exceptions', 'list'], api.env);
    expect(stdout).toContain('nothing waits for a person');
  });

  it('that ended are counted, and listed where they are asked for', async () => {
    const exceptions = [anException, { ...anException, id: '77aa', state: 'resolved' }];
    api = await serveRecorded({ 'GET /exceptions': () => ({ exceptions }) });
    const open = await runCli(['exceptions', 'list'], api.env);
    const asked = await runCli(['exceptions', 'list', '--state', 'resolved'], api.env);
    const script = await runCli(['exceptions', 'list', '--json'], api.env);
    expect([open.stdout.includes('77aa'), asked.stdout.includes('77aa')]).toEqual([false, true]);
    expect(open.stdout).toContain('1 exception that ended');
    expect(JSON.parse(script.stdout)).toEqual({ exceptions });
  });

  it('are shown with the records in quarantine, each with where it stands and what is wrong with it', async () => {
    const records = waitingDay.quarantined.map((one) => ({ ...one, event: '7', record: '536367;two' }));
    const held = { ...anException, quarantined: records };
    api = await serveRecorded({ [SHOW]: () => held });
    const { stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(stdout).toContain('till, /data/2010-12-01.csv line 52 (record 7): Quantity\n    found     "two"');
  });

  it('are shown with their workspace: the same weekday, what it was read from, what waits for it, what was tried', async () => {
    api = await serveRecorded({ [SHOW]: () => anException });
    const { stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(stdout).toMatch(/Wed 24 Nov 2010\s+51,200\.00 GBP\s+reconciled/);
    expect(stdout).toMatch(/till\s+2600\s+0\s.*till@1\s+revenue-lead/);
    expect(stdout).toContain('Held back: invoiced_total, for the report daily, to mail.');
    expect(stdout).toContain('attempt 1 from capture (schedule): waiting');
  });

  it('say of an attempt that ended while re-runs remain that the day is run anew', async () => {
    const { workspace } = anException;
    const tried = workspace.tried.map((one) => ({ ...one, status: 'running' }));
    api = await serveRecorded({ [SHOW]: () => ({ ...anException, workspace: { ...workspace, tried } }) });
    const { stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(stdout).toContain('attempt 1 from capture (schedule): the day is run anew by itself');
  });

  it('are shown whole, with the commands that decide', async () => {
    api = await serveRecorded({ [SHOW]: () => anException });
    const { exit, stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(exit).toBe(0);
    expect(stdout).toContain('-8,795.12 GBP');
    expect(stdout).toMatch(/missing records\s+-795\.00\s+3/);
    expect(stdout).toContain('npx meshline exceptions approve 4f1c09aa7b2e5d81c3f6 --version 3 --reason "your reason"');
  });

  it('say of a hand-off how it is sent once more, and of any what its month means', async () => {
    const monthNote = '2026-03 is locked: its published numbers stand.';
    const choices = [{ verb: 'reject', title: 'Let it rest', effect: 'it is owed no more.' }];
    api = await serveRecorded({ [SHOW]: () => ({ ...anException, kind: 'handoff', monthNote, choices }) });
    const { stdout } = await runCli(['exceptions', 'show', '4f1c09aa7b2e5d81c3f6'], api.env);
    expect(stdout).toContain('npx meshline deliveries list --client');
    expect(stdout).toContain('Let it rest: it is owed no more.');
    expect(stdout).toContain(monthNote);
    expect(stdout).not.toContain('exceptions approve');
  });
});
