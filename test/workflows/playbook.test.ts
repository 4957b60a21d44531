import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startOrJoinClose } from '../../infra/temporal/start-close.ts';
import { DAY, MINUTE_MS, openShortDay } from '../support/short-day.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';
import type { Build } from '../support/workflow-builds.ts';

/** Midnight of the second Wednesday of January of next year: London is on UTC then, and at work. */
function wednesday(): number {
  const first = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 0, 8));
  return first.getTime() + ((3 - first.getUTCDay() + 7) % 7) * 24 * 60 * MINUTE_MS;
}
const at = (time: string): number => {
  const [hour, minute] = time.split(':').map(Number);
  return wednesday() + (hour! * 60 + minute!) * MINUTE_MS;
};
const applyFix = {
  decisionId: 'd1',
  verb: 'apply_fix',
  args: { fix: 'f1' },
  reason: 'the shop sent the rest',
  actor: 'ben',
  onBehalfOf: null,
};

type Story = ReturnType<typeof openShortDay> & {
  environment: TestWorkflowEnvironment;
  review: WorkflowHandle;
  /** Steps that a later build has taken. */
  steps: string[];
  skipTo(time: string): Promise<void>;
  /** What the people of the incident were told. */
  news(): string[];
};

function openStory(environment: TestWorkflowEnvironment): Story {
  const short = openShortDay(environment);
  const review = environment.client.workflow.getHandle('exception/e1');
  return {
    ...short,
    environment,
    review,
    steps: [],
    skipTo: async (time) => skip(environment, review, at(time) - (await environment.currentTimeMs())),
    news: () => short.incident.of('tellIncident').map(([, one]) => one),
  };
}

/**
 * Half past four: the close finds it, its owner is told, the system runs the day anew after half an hour, finds it
 * again and asks.
 */
async function closeAndHeal({ environment, day, exception: { told }, skipTo }: Story): Promise<void> {
  const input = { ...DAY, beginsAt: 'capture', cause: 'schedule', actor: 'meshline' } as const;
  const { workflowId } = await startOrJoinClose(environment.client, input);
  await until(() => day.status.length > 0);
  const close = environment.client.workflow.getHandle(workflowId);
  expect(await resultOf(close)).toMatchObject({ attempt: 1, status: 'running' });
  await skipTo('04:59');
  expect([day.status, told]).toEqual([['running'], ['healing']]);
  await skipTo('05:02');
  await until(() => told.length > 1);
  expect([day.status, told]).toEqual([
    ['running', 'waiting'],
    ['healing', 'asked/1'],
  ]);
  expect(day.startedMs[1]! - day.startedMs[0]!).toBeGreaterThanOrEqual(30 * MINUTE_MS);
}

/** The owner's four hours begin at nine: nobody acts in them. */
async function missTheDeadline({ due, exception: { told }, opened, skipTo }: Story): Promise<void> {
  await skipTo('10:59');
  expect(told).toEqual(['healing', 'asked/1']);
  await skipTo('11:01');
  await until(() => told.includes('reminder'));
  await skipTo('11:59');
  expect(told).toEqual(['healing', 'asked/1', 'reminder']);
  await skipTo('12:01');
  await until(() => told.includes('deputy'));
  await skipTo('12:59');
  expect([told, opened]).toEqual([['healing', 'asked/1', 'reminder', 'deputy'], []]);
  await skipTo('13:01');
  await until(() => told.includes('overdue'));
  expect(due).toEqual({ reminder: '11:00', deputy: '12:00', overdue: '13:00' });
}

/** The incident is told to its owner and the stakeholders, and half an hour later again. */
async function alertPeople({ opened, incident, exception, day, news, skipTo }: Story): Promise<void> {
  await until(() => news().includes('opened') && incident.of('postIncident').length > 0);
  expect(opened).toEqual(['major']);
  await skipTo('13:29');
  expect(news()).toEqual(['opened']);
  await skipTo('13:35');
  await until(() => news().includes('alert'));
  await skipTo('14:00');
  expect([exception.row.state, incident.row.state, day.status.length]).toEqual(['overdue', 'open', 2]);
}

async function mend({ environment, review, exception }: Story): Promise<void> {
  const decision = { ...applyFix, expectedVersion: exception.row.version };
  expect(await review.executeUpdate('decide', { args: [decision] })).toMatchObject({ accepted: true });
  expect(await resultOf(review)).toBe('resolved');
  expect(await resultOf(environment.client.workflow.getHandle('incident/i1'))).toBe('closed');
}

/** The reference story, in which from ten o'clock on a later build serves what the present one has begun. */
async function playTheStory(environment: TestWorkflowEnvironment, later: Build): Promise<void> {
  const story = openStory(environment);
  const { day, exception, incident, steps, news, skipTo } = story;
  const activities = { ...story.activities, noteStep: async (step: string) => void steps.push(step) };
  const under = (build: Build, work: () => Promise<void>) =>
    withWorker(environment, activities, work, { build, maxCachedWorkflows: 0 });
  await environment.sleep(at('04:30') - (await environment.currentTimeMs()));
  await under('present', async () => {
    await closeAndHeal(story);
    await skipTo('10:00');
  });
  await under(later, async () => {
    await missTheDeadline(story);
    await alertPeople(story);
    await mend(story);
  });
  expect(day.status).toEqual(['running', 'waiting', 'published']);
  expect(exception.told).toEqual(['healing', 'asked/1', 'reminder', 'deputy', 'overdue', 'ended']);
  expect(news()).toEqual(['opened', 'alert', 'resolved']);
  expect(incident.of('postIncident').map(([, one]) => one)).toEqual(['opened', 'resolved']);
  expect(incident.of('summarizeIncident')).toHaveLength(1);
  expect(steps.length > 0).toBe(later !== 'present');
}

describe('G21: revenue of a major campaign that is 15 % under what the platform reports', () => {
  timeSkippingTest(
    'is run anew, asked about, reminded of, escalated, an incident, mended and told to be over, each at its hour',
    (environment) => playTheStory(environment, 'present'),
  );
  timeSkippingTest('takes the same course where a newer build takes over half way', (environment) =>
    playTheStory(environment, 'second'),
  );
});
