import { reasonText } from '../../cli/print/reasons.ts';
import { explanation } from '../../cli/reference/samples.ts';
import { reasonWords } from '../../domain/publish/reason-words.ts';
import { waitingDay } from './support/documents.ts';
import { folderWith } from './support/folder.ts';
import { problem, type RecordedApi, serveRecorded } from './support/recorded-api.ts';
import { runCli } from './support/run-cli.ts';

let api: RecordedApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const DAY = ['--client', 'online-retail', '--date', '2010-12-01'];

describe('close show', () => {
  it('tells a person what the day is and what to do next', async () => {
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => waitingDay });
    const { exit, stdout } = await runCli(['close', 'show', ...DAY], api.env);
    expect(exit).toBe(0);
    expect(stdout).toContain('online-retail, Wed 1 Dec 2010: waiting (attempt 2)');
    expect(stdout).toContain('3108 records: 2 quarantined, 12.50 held in suspense (1 amount not known), 1 duplicate');
    expect(stdout).toContain(
      'till, /data/2010-12-01.csv line 52: Quantity\n    found     "two"\n    expected  a decimal number, such as 12.50',
    );
    expect(stdout).toMatch(/invoiced_total\s+—\s+—\s+withheld\s+—/);
    expect(stdout).toContain('Withheld: control till-daily differs\n  invoiced_total');
    expect(stdout).toMatch(
      /till-daily\s+invoiced_total\s+49,840\.44\s+58,635\.56\s+-8,795\.12\s+-8,000\.12\s+difference/,
    );
    expect(stdout).toMatch(/missing records, 3 records\s+-795\.00/);
    expect(stdout).toContain('npx meshline exceptions show 4f1c09aa7b2e5d81c3f6');
  });

  it('prints the document as it is, and nothing else, where JSON is asked for', async () => {
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => waitingDay });
    const { stdout, stderr } = await runCli(['--json', 'close', 'show', ...DAY], api.env);
    expect([JSON.parse(stdout), stderr]).toEqual([waitingDay, '']);
  });

  it('counts what no routing rule took, and is silent where there is no such event', async () => {
    const said = 'met no routing rule';
    api = await serveRecorded({
      'GET /clients/:client/closes/:date': () => ({ ...waitingDay, unmatchedEvents: 2 }),
    });
    expect((await runCli(['close', 'show', ...DAY], api.env)).stdout).toContain(`2 events ${said}`);
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => waitingDay });
    expect((await runCli(['close', 'show', ...DAY], api.env)).stdout).not.toContain(said);
  });

  it('says in words why a number is withheld, as the mail does', async () => {
    const held = { ...waitingDay.metrics[0]!, metric: 'new_customers', reason: 'insufficient_history' };
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => ({ ...waitingDay, metrics: [held] }) });
    const { stdout } = await runCli(['close', 'show', ...DAY], api.env);
    expect(stdout).toContain(`Withheld: ${reasonWords('insufficient_history')}\n  new_customers`);
    for (const reason of ['insufficient_history', 'no_currency_rate'])
      expect(reasonText(reason)).toBe(reasonWords(reason));
  });

  it('says for which file a day waits, and until when', async () => {
    const waitingFor = [{ source: 'till', file: '/data/2010-12-01.csv', until: '2010-12-02T12:00:00.000Z' }];
    const waiting = { ...waitingDay, status: 'running', stage: 'capture', waitingFor };
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => waiting });
    const { stdout } = await runCli(['close', 'show', ...DAY], { ...api.env, TZ: 'UTC' });
    expect(stdout).toContain('Waits for till: /data/2010-12-01.csv, until Thu 2 Dec 12:00');
  });

  it('says who cancelled a day, and why', async () => {
    const cancelled = { ...waitingDay, status: 'cancelled', error: 'cancelled by ada: wrong export' };
    api = await serveRecorded({ 'GET /clients/:client/closes/:date': () => cancelled });
    const { stdout } = await runCli(['close', 'show', ...DAY], api.env);
    expect(stdout).toMatch(/^cancelled by ada: wrong export$/m);
  });
});

describe('close cancel', () => {
  it('ends the attempt with a reason', async () => {
    const cancelled = { ...waitingDay, status: 'cancelled' };
    api = await serveRecorded({ 'POST /clients/:client/closes/:date/cancel': () => cancelled });
    const { exit, stdout } = await runCli(['close', 'cancel', ...DAY, '--reason', 'wrong export', '--json'], api.env);
    expect([exit, JSON.parse(stdout).status, api.asked[0]!.body]).toEqual([0, 'cancelled', { reason: 'wrong export' }]);
  });
});

describe('close schedule', () => {
  it('creates or repairs the nightly schedules', async () => {
    const schedule = {
      client: 'shop',
      scheduleId: 'nightly/shop',
      at: '04:30',
      timezone: 'Europe/London',
      changed: true,
    };
    api = await serveRecorded({ 'POST /schedules': () => ({ schedules: [schedule] }) });
    const { exit, stdout } = await runCli(['close', 'schedule', '--all'], api.env);
    expect([exit, api.asked[0]!.body]).toEqual([0, { all: true }]);
    expect(stdout).toMatch(/shop\s+04:30\s+Europe\/London\s+created or repaired/);
  });
});

describe('metrics get', () => {
  const number = {
    client: 'online-retail',
    store: '',
    metric: 'net_sales',
    definition: 'net_sales@1',
    slice: null,
    businessDate: '2010-12-01',
    version: 2,
    value: '-1234567.89',
    currency: 'GBP',
    status: 'published',
    finality: 'provisional',
    reason: 'late_arrival',
    certificate: 'reconciled',
    publishedAt: '2010-12-02T04:31:00.000Z',
  };

  it('prints numbers with their version, finality, certificate and reason', async () => {
    api = await serveRecorded({ 'GET /clients/:client/numbers': () => ({ numbers: [number] }) });
    const range = ['--from', '2010-12-01', '--to', '2010-12-31', '--all-versions', '--metric', 'net_sales'];
    const { stdout } = await runCli(['metrics', 'get', '--client', 'online-retail', ...range], api.env);
    const query = { metric: 'net_sales', from: '2010-12-01', to: '2010-12-31', allVersions: 'true' };
    expect(api.asked[0]!.query).toEqual(query);
    expect(stdout).toMatch(/net_sales\s+-1,234,567\.89 GBP\s+2\s+provisional\s+reconciled\s+late_arrival/);
    expect(stdout).not.toContain('Slice');
  });

  it('prints the members of a slice', async () => {
    const email = { ...number, slice: { dimension: 'channel', member: 'email' } };
    api = await serveRecorded({ 'GET /clients/:client/numbers': () => ({ numbers: [email] }) });
    const { stdout } = await runCli(['metrics', 'get', '--client', 'online-retail', '--slice', 'channel'], api.env);
    expect(stdout).toMatch(/Slice[\s\S]*email/);
  });
});

describe('explain', () => {
  const words = ['explain', '--client', 'corner-shop', '--metric', 'net_sales', '--date', '2026-03-30'];

  it('tells what a number rests on, and that it comes out the same', async () => {
    api = await serveRecorded({ 'GET /clients/:client/explanation': () => explanation });
    const { exit, stdout } = await runCli([...words, '--version', '2'], { ...api.env, TZ: 'Europe/London' });
    expect([exit, api.asked[0]!.query]).toEqual([0, { metric: 'net_sales', date: '2026-03-30', version: '2' }]);
    expect(stdout).toContain('net_sales of corner-shop, Mon 30 Mar 2026: 2,604.15 GBP, version 2, provisional');
    expect(stdout).toContain('Computed afresh from 398 raw records it is 2,604.15 GBP: the same.');
    expect(stdout).toMatch(/till\s+2026-03-30\.csv\s+398/);
    expect(stdout).toMatch(/till-report\s+2,604\.15\s+2,604\.15\s+0\.00/);
  });

  it('tells what each version was, what changed, and who was told', async () => {
    api = await serveRecorded({ 'GET /clients/:client/explanation': () => explanation });
    const { stdout } = await runCli(words, { ...api.env, TZ: 'Europe/London' });
    expect(stdout).toMatch(/2\s+2,604\.15 GBP\s+late arrival\s+by itself, the number being provisional\s+reconciled/);
    expect(stdout).toContain('2,580.00 became 2,604.15 (+24.15): 1 new (+26.15), 1 changed (-2.00).');
    expect(stdout).toMatch(/new\s+till\s+2026-03-30\.csv:398\s+2026-03-30\.csv line 399\s+—\s+26\.15\s+\+26\.15/);
    expect(stdout).toMatch(/2\s+team-mail\s+report of Mon 30 Mar 2026\s+sent\s+1/);
  });

  it('tells who decided, what it does not name, what made the number otherwise, and what its parts were', async () => {
    const [first, second] = explanation.versions;
    const change = {
      ...second!.change!,
      records: {
        ...second!.change!.records!,
        more: { records: 3, contribution: '0.50' },
        rest: { contribution: '-0.004', why: 'rounding to the digits of the currency' },
      },
      parts: [{ metric: 'orders', before: '3', after: '4' }],
      definition: { before: 'net_sales@1', after: 'net_sales@2' },
      transforms: [{ transform: 'till', before: 1, after: 2 }],
    };
    const decided = { ...second!.decided, how: 'by a decision', actor: 'ben', reason: 'the late order is real' };
    const versions = [first!, { ...second!, change, decided }];
    api = await serveRecorded({ 'GET /clients/:client/explanation': () => ({ ...explanation, versions }) });
    const { stdout } = await runCli(words, api.env);
    expect(stdout).toContain('accepted by ben: the late order is real');
    expect(stdout).toContain('And 3 more records: +0.50.');
    expect(stdout).toContain('The rest, -0.004: rounding to the digits of the currency.');
    expect(stdout).toMatch(/orders\s+3\s+4/);
    expect(stdout).toContain('Made otherwise: definition net_sales@1 became net_sales@2, transform till 1 became 2.');
  });

  it('tells nothing of versions where there is one', async () => {
    const one = { ...explanation, version: 1, versions: [explanation.versions[0]!] };
    api = await serveRecorded({ 'GET /clients/:client/explanation': () => one });
    const { stdout } = await runCli(words, api.env);
    expect(stdout).not.toMatch(/Versions|What changed|Told/);
  });

  it('says so where the number does not come out the same', async () => {
    const other = { ...explanation, recomputed: { value: '2604.16', equal: false, records: 398 } };
    api = await serveRecorded({ 'GET /clients/:client/explanation': () => other });
    const { stdout } = await runCli(words, api.env);
    expect(stdout).toContain('2,604.16 GBP: NOT the same.');
  });
});

describe('audit', () => {
  const attempt = {
    attempt: 1,
    cause: 'schedule',
    actor: 'meshline',
    beginsAt: 'capture',
    modelVersion: 3,
    status: 'waiting',
    error: null,
    startedAt: '2010-12-02T04:30:00.000Z',
    endedAt: '2010-12-02T04:31:00.000Z',
    runId: 'r1',
  };
  const story = [
    { at: '2010-12-02T04:30:07.000Z', actor: 'meshline', attempt: 1, text: 'Captured till: 3108 records.' },
    {
      at: '2010-12-02T09:00:00.000Z',
      actor: 'ada',
      onBehalfOf: 'ben',
      attempt: null,
      text: 'Accepted the difference.',
    },
  ];

  it('tells what happened, attempt by attempt', async () => {
    const document = { client: 'online-retail', businessDate: '2010-12-01', story, attempts: [attempt] };
    api = await serveRecorded({ 'GET /clients/:client/audit': () => document });
    const { stdout } = await runCli(['audit', 'show', ...DAY], { ...api.env, TZ: 'UTC' });
    expect(stdout).toContain('Attempt 1, Thu 2 Dec 04:30 (schedule, operating model 3): waiting');
    expect(stdout).toContain('04:30:07  meshline: Captured till: 3108 records.');
    expect(stdout).toContain('09:00:00  ada for ben: Accepted the difference.');
  });

  it('says of an attempt that ended while re-runs remain that the day is run anew', async () => {
    const attempts = [{ ...attempt, status: 'running' }];
    const document = { client: 'online-retail', businessDate: '2010-12-01', story, attempts };
    api = await serveRecorded({ 'GET /clients/:client/audit': () => document });
    const { stdout } = await runCli(['audit', 'show', ...DAY], { ...api.env, TZ: 'UTC' });
    expect(stdout).toContain('(schedule, operating model 3): the day is run anew by itself');
  });

  it.each([
    [{ ok: true, events: 12, problems: [] }, 0, 'is whole'],
    [
      { ok: false, events: 12, problems: [{ client: 'shop', sequence: '7', problem: 'was edited' }] },
      1,
      'shop, event 7: was edited',
    ],
  ])('verify of %j exits with %i', async (verified, expected, text) => {
    api = await serveRecorded({ 'GET /audit/verify': () => verified });
    const people = await runCli(['audit', 'verify'], api.env);
    const script = await runCli(['audit', 'verify', '--json'], api.env);
    expect([people.exit, script.exit, JSON.parse(script.stdout)]).toEqual([expected, expected, verified]);
    expect(people.stdout).toContain(text);
  });
});

describe('sources', () => {
  it.each([
    ['found', 0],
    ['absent', 1],
    ['failed', 1],
  ])('check of one that is %s exits with %i', async (status, expected) => {
    const sources = [{ source: 'till', status, message: 'data/2010-12-01.csv', path: null }];
    api = await serveRecorded({ 'GET /clients/:client/sources/check': () => ({ sources }) });
    const { exit, stdout } = await runCli(['sources', 'check', '--client', 'online-retail'], api.env);
    expect(exit).toBe(expected);
    expect(stdout).toContain(`till    ${status}`);
  });

  const UPLOAD = 'POST /clients/:client/sources/:source/uploads';
  const sent = {
    client: 'shop',
    source: 'till',
    businessDate: '2026-03-31',
    fileName: 'till 31.csv',
    bytes: 12,
    contentHash: 'ab',
    changed: true,
  };

  it('upload sends a file byte for byte, with its name and day', async () => {
    const folder = folderWith({ 'till 31.csv': 'a,b\n1,£\u0000\n' });
    api = await serveRecorded({ [UPLOAD]: () => sent });
    const words = ['sources', 'upload', '--client', 'shop', '--source', 'till', `${folder.path}/till 31.csv`];
    const { exit, stdout } = await runCli([...words, '--date', '2026-03-31', '--json'], api.env);
    folder.remove();
    expect([exit, JSON.parse(stdout)]).toEqual([0, sent]);
    expect(api.asked[0]).toMatchObject({
      path: '/clients/shop/sources/till/uploads',
      query: { date: '2026-03-31', fileName: 'till 31.csv' },
      body: Buffer.from('a,b\n1,£\u0000\n'),
    });
  });

  it('upload of a file whose day is not known is wrong usage, in the words of the API', async () => {
    const folder = folderWith({ 'x.csv': '1' });
    api = await serveRecorded({
      [UPLOAD]: (_, reply) => problem(reply, 422, 'no-date', 'Say which day it is of with date.'),
    });
    const { exit, stderr } = await runCli(
      ['sources', 'upload', '--client', 'shop', '--source', 'till', `${folder.path}/x.csv`],
      api.env,
    );
    folder.remove();
    expect([exit, stderr.includes('Say which day')]).toEqual([2, true]);
  });

  it.each(['/nonexistent/file.csv', '/'])('upload of %s is wrong usage', async (file) => {
    const { exit, stderr } = await runCli(['sources', 'upload', '--client', 'shop', '--source', 'till', file]);
    expect(exit).toBe(2);
    expect(stderr).toContain(`where: ${file}`);
  });
});

describe('tokens', () => {
  it('create prints the secret once, with what it reaches', async () => {
    const made = { tokenId: 't1', person: 'ada', role: 'operator', clients: ['shop', 'barn'], token: 's3cret' };
    api = await serveRecorded({ 'POST /tokens': (_, reply) => reply.code(201).send(made) });
    const words = ['tokens', 'create', '--person', 'ada', '--role', 'operator', '--client', 'shop', '--client', 'barn'];
    const { exit, stdout } = await runCli(words, api.env);
    expect([exit, api.asked[0]!.body]).toEqual([0, { person: 'ada', role: 'operator', clients: ['shop', 'barn'] }]);
    expect(stdout).toContain('s3cret');
  });

  it('list shows who made them and which are revoked', async () => {
    const described = { tokenId: 't1', person: 'ada', role: 'viewer', clients: null, createdBy: 'ben' };
    const dates = { createdAt: '2026-03-31T08:00:00.000Z', revokedAt: '2026-04-01T08:00:00.000Z' };
    api = await serveRecorded({ 'GET /tokens': () => ({ tokens: [{ ...described, ...dates }] }) });
    const { stdout } = await runCli(['tokens', 'list'], { ...api.env, TZ: 'UTC' });
    expect(stdout).toMatch(/t1\s+ada\s+viewer\s+every client\s+Tue 31 Mar 08:00 by ben\s+revoked Wed 1 Apr 08:00/);
  });

  it('revoke takes one out of use', async () => {
    const revoked = { tokenId: 't1', revokedAt: '2026-04-01T08:00:00.000Z' };
    api = await serveRecorded({ 'DELETE /tokens/:id': () => revoked });
    const { exit, stdout } = await runCli(['tokens', 'revoke', 't1', '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, revoked]);
  });
});
