import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type LadderTerms, planLadder, postpone } from '../../domain/exception/ladder.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import type { Person, WorkingHours } from '../../schemas/operating-model.ts';
import { fakeException } from '../support/fake-review.ts';
import { skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';

const DAY_MS = 86_400_000;
const hours: Record<string, WorkingHours> = {
  office: { weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '17:30' },
};
const person = (id: string, timezone: string, leave: string[] = []): Person => ({
  id,
  name: id,
  email: `${id}@agency.example`,
  timezone,
  hours: 'office',
  leave,
});

/** The last Sunday of a month of next year, when clocks change in Europe: days are counted from it. */
function changeOf(month: 3 | 10): number {
  const last = new Date(Date.UTC(new Date().getUTCFullYear() + 1, month, 0));
  return last.getTime() - last.getUTCDay() * DAY_MS;
}
/** An instant so many days from the change of clocks, at a time in UTC. */
const from = (sundayMs: number, days: number, time: string) =>
  Date.parse(`${new Date(sundayMs + days * DAY_MS).toISOString().slice(0, 10)}T${time}Z`);
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

type Played = {
  handle: WorkflowHandle;
  told: string[];
  /** When each step was taken, by the server's clock, as far from the planned start as the run began late. */
  takenMs: Record<string, number>;
  askedLateMs(): number;
  skipTo(ms: number): Promise<void>;
  claim(untilMs: number): Promise<void>;
};

/** A review that asks at an instant, and climbs the chain that the rules plan. */
const chainTest = (
  name: string,
  { atMs, chain, terms }: { atMs: number; chain: Person[]; terms: LadderTerms },
  play: (played: Played) => Promise<void>,
) =>
  timeSkippingTest(name, async (environment: TestWorkflowEnvironment) => {
    await environment.sleep(atMs - (await environment.currentTimeMs()));
    let askedMs = 0;
    const takenMs: Record<string, number> = {};
    const exception = fakeException(
      {},
      () => environment.currentTimeMs(),
      (nowMs) => {
        askedMs = nowMs;
        return planLadder(chain, terms, hours, nowMs).dueMs;
      },
    );
    const { climb } = exception.activities;
    exception.activities.climb = async (due) => {
      takenMs[due.step] = await environment.currentTimeMs();
      // The clock runs on while a worker is at work; what was due is exact.
      expect(due.atMs).toBeLessThanOrEqual(takenMs[due.step]!);
      takenMs[due.step] = due.atMs;
      return climb(due);
    };
    await withWorker(environment, exception.activities, async () => {
      const handle = await environment.client.workflow.start('reviewException', {
        taskQueue: TASK_QUEUE,
        workflowId: 'exception/e1',
        args: [{ exceptionId: 'e1', clientId: 'acme', businessDate: '2026-05-01' }],
      });
      await until(() => exception.told.length > 0);
      await play({
        handle,
        told: exception.told,
        takenMs,
        askedLateMs: () => askedMs - atMs,
        skipTo: async (ms) => skip(environment, handle, ms - (await environment.currentTimeMs())),
        async claim(untilMs) {
          const nowMs = await environment.currentTimeMs();
          const ladder = planLadder(chain, terms, hours, askedMs);
          exception.setSteps(postpone(ladder, chain, terms, hours, nowMs, untilMs).dueMs);
          await handle.executeUpdate('decide', {
            args: [
              {
                decisionId: 'c1',
                expectedVersion: 1,
                verb: 'claim',
                args: {},
                reason: 'on it',
                actor: 'ada',
                onBehalfOf: null,
              },
            ],
          });
        },
      });
    });
  });

const SPRING = changeOf(3);
const AUTUMN = changeOf(10);
const ada = person('ada', 'Europe/London');
const ben = person('ben', 'America/New_York');
const TWO_HOURS = { decideWithin: '2 working hours' };

describe('two working hours', () => {
  const cases: [string, { atMs: number; chain: Person[]; dueMs: number; handOverMs?: number }][] = [
    [
      'from a Friday evening end on Monday morning',
      { atMs: from(SPRING, -16, '16:00:00'), chain: [ada], dueMs: from(SPRING, -13, '09:30:00') },
    ],
    [
      'over the weekend on which clocks go forward lose no minute',
      { atMs: from(SPRING, -2, '16:00:00'), chain: [ada], dueMs: from(SPRING, 1, '08:30:00') },
    ],
    [
      'over the weekend on which clocks go back win none',
      { atMs: from(AUTUMN, -2, '15:00:00'), chain: [ada], dueMs: from(AUTUMN, 1, '09:30:00') },
    ],
    [
      'of a person in New York end there, while London has gone home',
      { atMs: from(AUTUMN, -2, '19:00:00'), chain: [ben], dueMs: from(AUTUMN, -2, '21:00:00') },
    ],
    [
      'before a leave are handed over, and end in the hours of who has it then',
      {
        atMs: from(SPRING, -2, '16:00:00'),
        chain: [person('ada', 'Europe/London', [dateOf(from(SPRING, 1, '12:00:00'))]), ben],
        handOverMs: from(SPRING, 0, '23:00:00'),
        dueMs: from(SPRING, 1, '13:30:00'),
      },
    ],
  ];
  for (const [name, { dueMs, handOverMs, ...asked }] of cases)
    chainTest(name, { ...asked, terms: TWO_HOURS }, async ({ askedLateMs, takenMs, told, skipTo }) => {
      const late = askedLateMs();
      await skipTo(dueMs - 60_000);
      expect(told).not.toContain('overdue');
      if (handOverMs !== undefined) expect(takenMs.hand_over).toBe(handOverMs);
      await skipTo(dueMs + 60_000);
      await until(() => told.includes('overdue'));
      expect(takenMs.overdue).toBe(dueMs + late);
    });
});

const HOURLY = { decideWithin: '6 working hours', reminder: '2 working hours', deputyAfter: '4 working hours' };
chainTest(
  'the chain goes hour by hour, stops while somebody is on it, and then goes on where it was',
  { atMs: from(SPRING, 3, '08:00:00'), chain: [ada, ben], terms: HOURLY },
  async ({ askedLateMs, takenMs, told, skipTo, claim }) => {
    const late = askedLateMs();
    const hour = (time: string, days = 3) => from(SPRING, days, time);
    await skipTo(hour('09:59:00'));
    expect(told).toEqual(['asked/1']);
    await skipTo(hour('10:30:00'));
    await until(() => told.includes('reminder'));
    expect(takenMs.reminder).toBe(hour('10:00:00') + late);
    await claim(hour('14:30:00'));
    await skipTo(hour('15:59:00'));
    expect(told).toEqual(['asked/1', 'reminder']);
    await skipTo(hour('16:29:00'));
    await until(() => told.includes('deputy'));
    // Half an hour of the time to the deputy had passed when it was claimed: an hour and a half was left.
    expect(takenMs.deputy! - hour('16:00:00') - late).toBeLessThan(60_000);
    await skipTo(hour('09:00:00', 4));
    expect(told).toEqual(['asked/1', 'reminder', 'deputy']);
    await skipTo(hour('09:31:00', 4));
    await until(() => told.includes('overdue'));
    expect(told).toEqual(['asked/1', 'reminder', 'deputy', 'overdue']);
  },
);

chainTest(
  'nobody decides for 90 days: each step comes once and the review still waits',
  { atMs: from(SPRING, 3, '08:00:00'), chain: [ada, ben], terms: { ...HOURLY, decideWithin: '90 days' } },
  async ({ handle, told, takenMs, askedLateMs, skipTo }) => {
    await skipTo(from(SPRING, 3 + 89, '08:00:00'));
    expect(told).toEqual(['asked/1', 'reminder', 'deputy']);
    await skipTo(from(SPRING, 3 + 91, '08:00:00'));
    await until(() => told.includes('overdue'));
    expect(takenMs.overdue).toBe(from(SPRING, 3 + 90, '08:00:00') + askedLateMs());
    expect((await handle.describe()).status.name).toBe('RUNNING');
  },
);
