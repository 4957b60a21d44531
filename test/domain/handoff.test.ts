import { expect, test } from '@jest/globals';
import { reportDueAt } from '../../domain/handoff/deadline.ts';
import { HANDOFF_EVENTS, HANDOFF_TABLE, handoffAfter, handoffStatesThatTake } from '../../domain/handoff/table.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { HANDOFF_STATES } from '../../schemas/states.ts';

test('every state of a hand-off but the first is reached, and what stands nowhere in the table cannot happen', () => {
  const moves = HANDOFF_EVENTS.flatMap((event) =>
    HANDOFF_STATES.flatMap((state) => {
      const next = handoffAfter(state, event);
      return next === undefined ? [] : [`${state} ${event} ${next}`];
    }),
  );
  expect(moves).toEqual([
    'pending deliver delivered',
    'refused deliver delivered',
    'missed deliver delivered',
    'forgiven deliver delivered',
    'pending deliver_late late',
    'refused deliver_late late',
    'missed deliver_late late',
    'forgiven deliver_late delivered',
    'delivered acknowledge acknowledged',
    'late acknowledge acknowledged',
    'pending answer acknowledged',
    'missed answer acknowledged',
    'pending refuse refused',
    'delivered refuse refused',
    'late refuse refused',
    'acknowledged refuse refused',
    'missed refuse refused',
    'pending miss missed',
    'delivered miss missed',
    'late miss missed',
    'acknowledged miss missed',
    'refused miss missed',
    'pending forgive forgiven',
    'refused forgive forgiven',
    'missed forgive forgiven',
  ]);
  const reached = new Set(HANDOFF_EVENTS.flatMap((event) => Object.values(HANDOFF_TABLE[event].moves)));
  expect([...reached].sort()).toEqual(HANDOFF_STATES.filter((state) => state !== 'pending').sort());
  expect(handoffStatesThatTake('acknowledge')).toEqual(['delivered', 'late']);
});

const due = (at: string, deliverBy?: string) => {
  const client = { timezone: 'America/New_York', cutOff: '00:00' };
  const model = { client, report: { schedule: { at, ...(deliverBy && { deliverBy }) } } };
  const ms = reportDueAt(model as OperatingModel, '2026-03-07');
  return ms === null ? null : new Date(ms).toISOString();
};

test('a report is due at the first deliverBy after its night begins, by the clocks of the client', () => {
  expect(due('04:30', '07:00')).toBe('2026-03-08T11:00:00.000Z'); // clocks went forward that night
  expect(due('22:00', '02:00')).toBe('2026-03-09T06:00:00.000Z');
  expect(due('04:30')).toBeNull();
});
