import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { PeriodDocument } from '../../cli/documents.ts';
import { type MonthBench, orderOf, SHOP, startMonthBench } from '../support/month-bench.ts';
import { fileControl } from '../support/small-shop.ts';
import { runCli } from './support/run-cli.ts';

const DAYS = ['2026-03-30', '2026-03-31'] as const;
const MARCH = ['--client', SHOP, '--month', '2026-03'];

let month: MonthBench;
const tokens: Record<string, string> = {};

/** The real program against a real API and database, as one of several people. */
const as = (person: string, ...words: string[]) =>
  runCli(['period', ...words], { MESHLINE_URL: month.api.url, MESHLINE_TOKEN: tokens[person]! });
const json = async (person: string, ...words: string[]) => {
  const { exit, stdout } = await as(person, ...words, '--json');
  return [exit, JSON.parse(stdout) as PeriodDocument] as const;
};
const otherCommand = (...words: string[]) =>
  runCli(words, { MESHLINE_URL: month.api.url, MESHLINE_TOKEN: tokens.ada! });

async function reject(exceptionId: string): Promise<void> {
  const said = {
    decisionId: `no-${exceptionId}`,
    verb: 'reject',
    args: {},
    reason: 'booked twice',
    via: 'api',
  } as const;
  const { rows } = await sql<{ version: number }>`
    select version from exception where exception_id = ${exceptionId}`.execute(month.bench.db);
  const by = { exceptionId, expectedVersion: rows[0]!.version, actor: 'ada', onBehalfOf: null };
  const { accepted } = await month.bench.run(() => month.bench.activities.recordDecision({ ...said, ...by }));
  expect(accepted).toBe(true);
}

beforeAll(async () => {
  month = await startMonthBench();
  for (const person of ['ada', 'ben']) tokens[person] = await month.api.token('owner', null, person);
  await month.bench.apply(month.shop.document({ controls: [fileControl('gross_sales')] }));
  await month.shop.totals([`${DAYS[1]},11.00,`]);
  for (const date of DAYS) await month.closeDay(date, [orderOf(`o-${date}`, date, '10.00')]);
}, 60_000);
afterAll(() => month.stop());

describe('a month on the command line, from its first look to an adjustment after its lock', () => {
  it('is refused with exit 3 and the checklist while an exception is open', async () => {
    const { exit, stdout, stderr } = await as('ada', 'close', ...MARCH, '--json');
    expect([exit, (JSON.parse(stdout) as PeriodDocument).state]).toEqual([3, 'open']);
    expect(stderr).toContain('2026-03 of small-shop cannot be closed yet');
    expect(stderr).toContain('period show --client small-shop --month 2026-03');
    const shown = await as('ada', 'show', ...MARCH);
    expect(shown.exit).toBe(0);
    expect(shown.stdout).toMatch(/exceptions\s+blocked\s+1 exception is open: 2026-03-31 control difference/);
    expect(shown.stdout).toContain('npx meshline exceptions show');
  });

  it('is soft-closed by one person and locked by another one', async () => {
    await month.shop.totals([`${DAYS[1]},10.00,`]);
    await month.bench.close({ clientId: SHOP, businessDate: DAYS[1] });
    expect(await json('ada', 'close', ...MARCH)).toMatchObject([0, { state: 'soft_closed', closed: { by: 'ada' } }]);
    const own = await as('ada', 'lock', ...MARCH, '--as', 'ben');
    expect([own.exit, own.stderr]).toEqual([1, expect.stringContaining('another person must lock it')]);
    expect(await json('ben', 'lock', ...MARCH, '--reason', 'agreed')).toMatchObject([
      0,
      {
        state: 'locked',
        locked: { by: 'ben', reason: 'agreed', contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  it('stays as it is when something comes late, which is posted to the next month', async () => {
    const [, { adjustedSince: none, ...before }] = await json('ada', 'show', ...MARCH);
    await month.shop.totals([`${DAYS[1]},14.50,`]);
    await month.closeDay(DAYS[1], [orderOf('o-2026-03-31', DAYS[1], '10.00'), orderOf('late', DAYS[1], '4.50')]);
    const [, { adjustedSince, ...after }] = await json('ada', 'show', ...MARCH);
    expect([JSON.stringify(after), none, adjustedSince.length > 0]).toEqual([JSON.stringify(before), [], true]);
    const april = await as('ada', 'show', '--client', SHOP, '--month', '2026-04');
    expect(april.stdout).toMatch(/gross_sales\s+0\s+0\.00\s+4\.50\s+4\.50 USD/);
    expect(april.stdout).toMatch(/Tue 31 Mar 2026\s+2026-04\s+gross_sales\s+4\.50 USD\s+late arrival/);
    const day = await otherCommand('close', 'show', '--client', SHOP, '--date', DAYS[1]);
    expect(day.stdout).toContain('2026-03 is locked; changed since by adjustments of');
    const number = ['--client', SHOP, '--metric', 'gross_sales', '--date', DAYS[1]];
    const explained = await otherCommand('explain', ...number, '--json');
    expect(JSON.parse(explained.stdout)).toMatchObject({
      value: '10.00',
      recomputed: { equal: true },
      period: { month: '2026-03', state: 'locked', adjustments: [{ amount: '4.50', postedIn: '2026-04' }] },
    });
  });

  it('says while it is locked what of the late changes waits, and what was rejected and is posted nowhere', async () => {
    const orders = ['10.00', '4.50', '60.00'].map((amount, at) => orderOf(`o-${at}`, DAYS[1], amount));
    expect(await month.closeDay(DAYS[1], orders)).toBe('waiting');
    const shown = await as('ada', 'show', ...MARCH);
    expect(shown.stdout).toContain('Late changes: 1 waits, none rejected and not posted');
    expect(shown.stdout).toContain('Checklist at the lock');
    const [, { lateChanges: waiting }] = await json('ada', 'show', ...MARCH);
    const late = { businessDate: DAYS[1], kind: 'control_difference', exception: expect.any(String) };
    expect(waiting).toEqual({ waiting: [late], rejected: [] });
    await reject(waiting!.waiting[0]!.exception);
    expect((await as('ada', 'show', ...MARCH)).stdout).toContain('Late changes: none waits, 1 rejected and not posted');
    const [, after] = await json('ada', 'show', ...MARCH);
    expect(after.lateChanges).toEqual({ waiting: [], rejected: [late] });
    expect(after.adjustedSince.filter(({ metric }) => metric === 'gross_sales').map((one) => one.amount)).toEqual([
      '4.50',
    ]);
  });

  it('is opened by two people with a reason, never by one', async () => {
    expect((await as('ada', 'reopen', ...MARCH)).exit).toBe(2);
    const proposed = await as('ada', 'reopen', ...MARCH, '--reason', 'restated');
    expect([proposed.exit, proposed.stdout]).toEqual([3, expect.stringContaining('another person must agree')]);
    const again = await as('ada', 'reopen', ...MARCH, '--reason', 'restated');
    expect([again.exit, again.stderr]).toEqual([1, expect.stringContaining('ada has asked for the reopening')]);
    expect((await as('ada', 'show', ...MARCH)).stdout).toMatch(/Reopening\s+proposed by ada/);
    expect(await json('ben', 'reopen', ...MARCH, '--reason', 'restated')).toMatchObject([0, { state: 'open' }]);
  });

  it('is asked for by its name', async () => {
    const { exit, stderr } = await as('ada', 'show', '--client', SHOP, '--month', 'March');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('a month, such as 2026-03')]);
  });
});
