import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { storyOf, TOLD_ACTIONS } from '../../domain/audit-story.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true }))
    if (entry.isDirectory()) yield* sources(join(folder, entry.name));
    else if (entry.name.endsWith('.ts')) yield readFileSync(join(ROOT, folder, entry.name), 'utf8');
}

/** Actions as the code writes them: text with a point, given as an `action`. */
function writtenActions(): string[] {
  const found = new Set<string>();
  for (const folder of ['activities', 'infra', 'console/api'])
    for (const source of sources(folder))
      for (const [, value] of source.matchAll(/\baction: ([^,\n]+)/g))
        for (const [, action] of value!.matchAll(/'([a-z_]+\.[a-z_]+)'/g)) found.add(action!);
  return [...found].sort();
}

test('every action that is written to the audit trail has words of its own', () => {
  const written = writtenActions();
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((action) => !TOLD_ACTIONS.includes(action))).toEqual([]);
});

test('a message is told with the incident that it is news of', () => {
  const sent = { actor: 'meshline', action: 'event.sent', subject: 'ops-chat' };
  expect(storyOf({ ...sent, detail: { incident: 'i1' } })).toBe('Told ops-chat of incident i1.');
  expect(storyOf({ ...sent, detail: {} })).toBe('Told ops-chat of an event.');
});

test('an event is told with what it is about and why', () => {
  const event = { actor: 'ada', subject: 'e1' };
  expect(
    storyOf({ ...event, action: 'exception.approve', detail: { reason: 'till error', message: 'off by 3' } }),
  ).toBe('Accepted the difference (exception e1: off by 3). Reason: till error.');
  expect(storyOf({ ...event, action: 'exception.rerun', detail: { rerun: 2 } })).toContain('by itself, re-run 2');
  expect(storyOf({ ...event, action: 'exception.rerun', detail: { decisionId: 'd', reason: 'again' } })).toContain(
    'Decided to run',
  );
  expect(
    storyOf({
      actor: 'meshline',
      subject: 'shop/x',
      action: 'source.captured',
      detail: { records: 1, newRecords: 1, file: 'x.csv' },
    }),
  ).toBe('Captured shop/x: 1 record (1 new) from x.csv.');
});

test('an attempt that ended while re-runs remain says that the day is run anew, not that it runs', () => {
  const ended = (how: string) =>
    storyOf({ actor: 'meshline', subject: 'd', action: 'attempt.ended', detail: { how, status: 'running' } });
  expect(ended('finished')).toBe('The attempt ended; the day is run anew by itself.');
  expect(ended('unchanged')).toBe('Nothing had changed since the last attempt; the day is run anew by itself.');
});

test('a rejection is told by what was rejected: the day, a change to it, or that it is delivered', () => {
  const rejected = (detail: object) =>
    storyOf({ actor: 'ada', subject: 'e1', action: 'exception.reject', detail: { ...detail } });
  expect(rejected({})).toBe('Rejected the day (exception e1).');
  expect(rejected({ kept: true })).toBe('Kept the numbers as they were published (exception e1).');
  expect(rejected({ undelivered: true })).toBe('Let it rest, undelivered (exception e1).');
});

test('an action without words of its own is told by its name', () => {
  expect(storyOf({ actor: 'a', subject: 's', action: 'moon.walked_on', detail: {} })).toBe('moon walked on: s.');
});
