import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { skippedNights } from '../../../domain/night.ts';
import { ensureSchedules } from '../../../infra/temporal/schedules.ts';
import { devServer, devServerTest, startDevServer } from '../../support/temporal.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  if (devServer) environment = await startDevServer();
});
afterAll(async () => environment?.teardown());

const night = (clientId: string, at = '04:30') => ({ clientId, at, timezone: 'Europe/London' });
const handleOf = (clientId: string) => environment.client.schedule.getHandle(`nightly/${clientId}`);
const ensured = (clientId: string, changed: boolean) => ({ clientId, scheduleId: `nightly/${clientId}`, changed });

describe('the schedules of an installation', () => {
  devServerTest('are made once: a second call changes nothing', async () => {
    const wanted = [night('once-a'), night('once-b', '02:30')];
    expect(await ensureSchedules(environment.client, wanted)).toEqual([
      ensured('once-a', true),
      ensured('once-b', true),
    ]);
    expect(await ensureSchedules(environment.client, wanted)).toEqual([
      ensured('once-a', false),
      ensured('once-b', false),
    ]);
  });

  devServerTest('follow the operating model: only what differs is repaired', async () => {
    await ensureSchedules(environment.client, [night('moved'), night('stays')]);
    const changed = await ensureSchedules(environment.client, [night('moved', '05:15'), night('stays')]);
    expect(changed).toEqual([ensured('moved', true), ensured('stays', false)]);
    const { spec } = await handleOf('moved').describe();
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 5 }], minute: [{ start: 15 }] }]);
  });

  devServerTest('are repaired where somebody has changed them, and made anew where they are gone', async () => {
    await ensureSchedules(environment.client, [night('edited'), night('gone')]);
    await handleOf('edited').update(({ action, policies, state }) => ({
      spec: { intervals: [{ every: '1h' }] },
      action,
      policies: { ...policies, overlap: 'ALLOW_ALL' },
      state,
    }));
    await handleOf('gone').delete();
    const changed = await ensureSchedules(environment.client, [night('edited'), night('gone')]);
    expect(changed).toEqual([ensured('edited', true), ensured('gone', true)]);
    const { spec, policies } = await handleOf('edited').describe();
    expect(spec.intervals).toEqual([]);
    expect(policies.overlap).toBe('BUFFER_ONE');
  });

  devServerTest('stay paused where an operator has paused them, also when they are repaired', async () => {
    await ensureSchedules(environment.client, [night('paused')]);
    await handleOf('paused').pause('the shop moves');
    expect(await ensureSchedules(environment.client, [night('paused')])).toEqual([ensured('paused', false)]);
    await ensureSchedules(environment.client, [night('paused', '06:00')]);
    expect((await handleOf('paused').describe()).state).toMatchObject({ paused: true, note: 'the shop moves' });
  });
});

test('the nights that clocks skip are known, with the first time that they show instead', () => {
  expect(skippedNights('02:30', 'America/New_York', 2026)).toEqual([{ date: '2026-03-08', at: '03:00' }]);
  expect(skippedNights('01:30', 'Europe/London', 2026)).toEqual([{ date: '2026-03-29', at: '02:00' }]);
  expect(skippedNights('04:30', 'America/New_York', 2026)).toEqual([]);
  expect(skippedNights('02:30', 'Asia/Kolkata', 2026)).toEqual([]);
});
