import { publishedDay, runningDay, waitingDay } from './support/documents.ts';
import { problem, type RecordedApi, type Routes, serveRecorded } from './support/recorded-api.ts';
import { runCli } from './support/run-cli.ts';

let api: RecordedApi;
afterEach(() => api.close());

const DAY = ['--client', 'online-retail', '--date', '2010-12-01'];
const CLOSE = 'GET /clients/:client/closes/:date';
const started = {
  client: 'online-retail',
  businessDate: '2010-12-01',
  workflowId: 'close/online-retail/2010-12-01',
  runId: 'r1',
};
const accepted = { 'POST /clients/:client/closes/:date': () => started };

/** Answers with one document after the other; the last one stays. */
const inTurn = (...documents: unknown[]) => {
  let next = 0;
  return () => documents[Math.min(next++, documents.length - 1)];
};

describe('close run', () => {
  it('returns after the start with what was started', async () => {
    api = await serveRecorded(accepted);
    const { exit, stdout } = await runCli(['close', 'run', ...DAY, '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, started]);
  });

  it('waits until the attempt that it started has ended, not an earlier one', async () => {
    const earlier = { ...publishedDay, attempt: 1 };
    const later = { ...publishedDay, attempt: 2 };
    api = await serveRecorded({ ...accepted, [CLOSE]: inTurn(earlier, earlier, runningDay, later) });
    const { exit, stdout, stderr } = await runCli(['close', 'run', ...DAY, '--wait', '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, later]);
    expect(stderr).toContain('attempt 2: normalize');
  });

  it.each([
    ['published', 0],
    ['partially_published', 0],
    ['waiting', 3],
    ['failed', 1],
    ['rejected', 1],
    ['cancelled', 1],
  ] as const)('ends a wait for a day that is %s with %i', async (status, expected) => {
    api = await serveRecorded({ ...accepted, [CLOSE]: inTurn(runningDay, { ...waitingDay, status }) });
    const { exit, stdout } = await runCli(['close', 'run', ...DAY, '--wait', '--json'], api.env);
    expect([exit, JSON.parse(stdout).status]).toEqual([expected, status]);
  });

  it('calls a day that is not over yet wrong usage', async () => {
    const detail = '2010-12-01 is not over yet in Europe/London. Close it tomorrow.';
    api = await serveRecorded({
      'POST /clients/:client/closes/:date': (_request, reply) => problem(reply, 422, 'day-not-over', detail),
    });
    const { exit, stderr } = await runCli(['close', 'run', ...DAY], api.env);
    expect(exit).toBe(2);
    expect(stderr).toContain(detail);
  });

  it('outlives a short absence of the API while it waits', async () => {
    let asked = 0;
    api = await serveRecorded({
      ...accepted,
      [CLOSE]: (_request, reply) => {
        asked++;
        if (asked === 2) return problem(reply, 503, 'storage-unavailable', 'Postgres is away.');
        return asked === 1 ? runningDay : { ...publishedDay, attempt: 2 };
      },
    });
    const { exit, stdout } = await runCli(['close', 'run', ...DAY, '--wait'], api.env);
    expect(exit).toBe(0);
    expect(stdout).toContain('published (attempt 2)');
  });
});

describe('close backfill', () => {
  const RANGE = ['--client', 'online-retail', '--from', '2010-12-01', '--to', '2010-12-03'];
  const CLOSES = 'GET /clients/:client/closes';
  const backfill = { 'POST /clients/:client/backfills': () => ({ workflowId: 'backfill/1' }) };
  const dayOf = (businessDate: string, attempt: number, status: string, stage?: string) => ({
    ...publishedDay,
    businessDate,
    attempt,
    status,
    ...(stage && { stage }),
  });
  const daysInTurn = (...rounds: unknown[][]) => {
    const next = inTurn(...rounds);
    return () => ({ days: next() });
  };

  it('returns after the start with what was started', async () => {
    api = await serveRecorded(backfill);
    const { exit, stdout } = await runCli(['close', 'backfill', ...RANGE, '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { workflowId: 'backfill/1' }]);
    expect(api.asked.at(-1)!.body).toEqual({ from: '2010-12-01', to: '2010-12-03' });
  });

  it('waits until every day has an attempt of its own that ended, in the order of the days', async () => {
    const closed = [
      dayOf('2010-12-01', 2, 'published'),
      dayOf('2010-12-02', 1, 'partially_published'),
      dayOf('2010-12-03', 1, 'published'),
    ];
    api = await serveRecorded({
      ...backfill,
      [CLOSES]: daysInTurn(
        [dayOf('2010-12-01', 1, 'published')],
        [dayOf('2010-12-01', 1, 'published')],
        [closed[0]!, dayOf('2010-12-02', 1, 'running', 'capture')],
        [closed[0]!, dayOf('2010-12-02', 1, 'running', 'reconcile')],
        closed,
      ),
    });
    const { exit, stdout, stderr } = await runCli(['close', 'backfill', ...RANGE, '--wait', '--json'], api.env);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { days: closed }]);
    expect(stderr).toContain('1 of 3 days closed; 2010-12-02, attempt 1: reconcile');
  });

  it.each([
    [['published', 'waiting', 'failed'], 3],
    [['published', 'rejected', 'published'], 1],
  ] as const)('of days that are %j exits with %i', async (statuses, expected) => {
    const days = statuses.map((status, index) => dayOf(`2010-12-0${index + 1}`, 1, status));
    api = await serveRecorded({ ...backfill, [CLOSES]: daysInTurn([], days) });
    const { exit } = await runCli(['close', 'backfill', ...RANGE, '--wait'], api.env);
    expect(exit).toBe(expected);
  });

  it('fails where a day could not be opened at all while later ones were', async () => {
    const days = [dayOf('2010-12-01', 1, 'published'), dayOf('2010-12-03', 1, 'published')];
    api = await serveRecorded({ ...backfill, [CLOSES]: daysInTurn([], days) });
    const { exit } = await runCli(['close', 'backfill', ...RANGE, '--wait'], api.env);
    expect(exit).toBe(1);
  });
});

describe('close revise', () => {
  const REVISE = 'POST /clients/:client/closes/:date/revise';
  const reason = ['--reason', 'the till was corrected'];

  it('revises with the reason, and prints what became of the day', async () => {
    const later = { ...publishedDay, attempt: publishedDay.attempt + 1 };
    let sent: unknown;
    api = await serveRecorded({
      [REVISE]: (request) => {
        sent = request.body;
        return started;
      },
      [CLOSE]: inTurn(publishedDay, runningDay, later),
    });
    const { exit, stdout } = await runCli(['close', 'revise', ...DAY, ...reason, '--json'], api.env);
    expect([exit, JSON.parse(stdout), sent]).toEqual([0, later, { reason: 'the till was corrected' }]);
  });

  it('with --preview shows what would change, and starts nothing', async () => {
    const one = { version: 1, currency: 'GBP', finality: 'final', withheld: null };
    api = await serveRecorded({
      'POST /clients/:client/closes/:date/revision-preview': () => ({
        client: 'online-retail',
        businessDate: '2010-12-01',
        metrics: [
          { ...one, metric: 'net_sales', before: '100.00', after: '90.00' },
          { ...one, metric: 'tax', before: '1.00', after: '1.00' },
        ],
        sources: [{ source: 'till', status: 'captured', message: '3 records' }],
        otherDays: ['2010-12-02'],
      }),
    });
    const { exit, stdout } = await runCli(['close', 'revise', ...DAY, ...reason, '--preview'], api.env);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/net_sales\s+100\.00 GBP\s+90\.00 GBP\s+version 1, final/);
    expect(stdout).not.toContain('tax');
    expect(stdout).toContain('Records of other days would change too: 2010-12-02.');
  });

  it.each(['not-published', 'month-locked'])('of a day that is %s is wrong usage, with --preview too', async (kind) => {
    const refuse: Routes[string] = (_, reply) => problem(reply, 409, kind, 'It stands.');
    api = await serveRecorded({
      [REVISE]: refuse,
      'POST /clients/:client/closes/:date/revision-preview': refuse,
      [CLOSE]: () => publishedDay,
    });
    for (const more of [[], ['--preview']]) {
      const { exit, stderr } = await runCli(['close', 'revise', ...DAY, ...reason, ...more], api.env);
      expect([exit, stderr]).toEqual([2, expect.stringContaining('It stands.')]);
    }
  });

  it('without a reason is wrong usage', async () => {
    api = await serveRecorded({});
    expect((await runCli(['close', 'revise', ...DAY], api.env)).exit).toBe(2);
  });
});
