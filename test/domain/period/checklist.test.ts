import { describe, expect, test } from '@jest/globals';
import { blockersOf, CHECK_ITEMS, checklistOf, type PeriodFacts } from '../../../domain/period/checklist.ts';
import { checkItem } from '../../../schemas/api/periods.ts';

const day = (date: string, more: Partial<PeriodFacts['days'][number]> = {}) =>
  ({ date, status: 'published', over: true, closedDay: false, ...more }) as const;
const READY: PeriodFacts = {
  clientId: 'shop',
  month: '2026-03',
  days: [day('2026-03-01'), day('2026-03-02', { status: 'partially_published' })],
  exceptions: [],
  changed: [],
  kept: [],
  dropped: [],
  withheld: [],
  provisional: { days: 0, until: null },
  revisions: 2,
  seen: 'as_now',
};
const blocked = (more: Partial<PeriodFacts>, verb: 'close' | 'lock' = 'lock') =>
  blockersOf(checklistOf({ ...READY, ...more }), verb).map((one) => one.item);
const itemOf = (more: Partial<PeriodFacts>, name: string) =>
  checklistOf({ ...READY, ...more }).find((one) => one.item === name)!;

describe('a checklist', () => {
  test('has an item for everything that must hold, and the API knows them', () => {
    expect(checklistOf(READY).map((one) => one.item)).toEqual(CHECK_ITEMS);
    expect(checkItem.properties.item).toMatchObject({ enum: CHECK_ITEMS });
  });

  test('holds for a month whose days are closed and whose revisions were seen', () => {
    expect([blocked({}, 'close'), blocked({})]).toEqual([[], []]);
  });

  test.each<[string, Partial<PeriodFacts>, string]>([
    ['a day that waits', { days: [day('2026-03-01', { status: 'waiting' })] }, 'days'],
    ['a day that was rejected', { days: [day('2026-03-01', { status: 'rejected' })] }, 'days'],
    ['a day that runs', { days: [day('2026-03-01', { status: 'running' })] }, 'days'],
    ['a day that was never closed', { days: [day('2026-03-01', { status: null })] }, 'days'],
    ['a day to come', { days: [day('2026-03-31', { status: null, over: false })] }, 'days'],
    ['no day at all', { days: [] }, 'days'],
    ['an open exception', { exceptions: [{ id: 'e1', date: '2026-03-01', kind: 'quarantine' }] }, 'exceptions'],
    ['an open hand-off', { exceptions: [{ id: 'e1', date: '2026-03-01', kind: 'handoff' }] }, 'exceptions'],
    ['a change that waits', { changed: ['2026-03-01'] }, 'changes'],
  ])('refuses %s, and says what to do', (_, more, item) => {
    expect([blocked(more, 'close'), blocked(more)]).toEqual([[item], [item]]);
    expect(itemOf(more, item).next).not.toBeNull();
  });

  test('names one command for days on end that are not closed, and leaves those alone that somebody is at', () => {
    const none = (date: string) => day(date, { status: null });
    const next = (...days: PeriodFacts['days']) => itemOf({ days }, 'days').next;
    const waits = day('2026-03-01', { status: 'waiting' });
    expect(next(waits, none('2026-03-02'), none('2026-03-03'), none('2026-03-04'), none('2026-03-06'))).toBe(
      'npx meshline close backfill --client shop --from 2026-03-02 --to 2026-03-04',
    );
    expect(next(waits, none('2026-03-02'))).toBe('npx meshline close run --client shop --date 2026-03-02');
    expect(next(waits)).toBe('npx meshline close show --client shop --date 2026-03-01');
  });

  test('lets a day without trade be that was never closed', () => {
    expect(blocked({ days: [day('2026-03-01', { status: null, closedDay: true }), day('2026-03-02')] })).toEqual([]);
  });

  test('refuses to lock what has changed since it was looked at, and lets it be looked at anew', () => {
    expect([blocked({ seen: 'changed' }), blocked({ seen: 'changed' }, 'close')]).toEqual([['revisions'], []]);
  });

  test('names what was kept against a change and what is no longer computed, and lets both pass', () => {
    const more = { kept: ['2026-03-01'], dropped: [{ metric: 'tips', days: 3 }] };
    expect(blocked(more)).toEqual([]);
    expect(itemOf(more, 'changes')).toMatchObject({
      status: 'warn',
      what: 'kept as published against a later change: numbers of 2026-03-01; no longer computed: tips of 3 days',
    });
  });

  test('warns of what is missing and of what may still change, and refuses neither', () => {
    const more = { withheld: [{ metric: 'orders', days: 2 }], provisional: { days: 1, until: new Date(0) } };
    expect(blocked(more)).toEqual([]);
    expect([itemOf(more, 'withheld').status, itemOf(more, 'finality').status]).toEqual(['warn', 'warn']);
  });
});
