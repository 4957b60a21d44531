import { describe, expect, test } from '@jest/globals';
import { judgePeriod, type Period, type PeriodSpeaker } from '../../../domain/period/judge.ts';
import {
  isLocked,
  PERIOD_STATES,
  PERIOD_VERBS,
  type PeriodState,
  type PeriodVerb,
  periodAfter,
} from '../../../domain/period/table.ts';

/** What each state becomes by each verb, written down a second time and by hand; `.` cannot be said. */
const MATRIX = `
         open         soft_closed  locked     reopening
close    soft_closed  soft_closed  .          .
lock     .            locked       locked     locked
reopen   open         open         reopening  open
`;
const [header, ...lines] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const CELLS = lines.flatMap(([verb, ...cells]) =>
  cells.map((cell, index) => [header![index]!, verb!, cell === '.' ? undefined : cell] as const),
);

describe('the table of a month', () => {
  test('has every state and every verb', () => {
    expect([header, lines.map(([verb]) => verb)]).toEqual([PERIOD_STATES, PERIOD_VERBS]);
  });

  test.each(CELLS)('%s by %s is %s', (state, verb, expected) => {
    expect(periodAfter(state as PeriodState, verb as PeriodVerb)).toBe(expected);
  });

  test('counts a month whose reopening is asked for as locked', () => {
    expect(PERIOD_STATES.filter(isLocked)).toEqual(['locked', 'reopening']);
  });
});

const ADA = { actor: 'ada', onBehalfOf: null, service: false };
const BEN = { ...ADA, actor: 'ben' };
const period = (state: PeriodState): Period => ({
  state,
  closedBy: state === 'open' ? null : 'ada',
  seenHash: state === 'open' ? null : 'seen',
  reopeningBy: state === 'reopening' ? 'ada' : null,
});
const judge = (state: PeriodState, verb: PeriodVerb, speaker: PeriodSpeaker, hash = 'seen') =>
  judgePeriod(period(state), verb, speaker, hash);

describe('two people', () => {
  test.each([
    ['soft_closed', 'lock'],
    ['reopening', 'reopen'],
  ] as const)('a month that is %s takes another one to %s', (state, verb) => {
    expect(judge(state, verb, BEN)).toMatchObject({ as: 'take' });
    expect(judge(state, verb, ADA)).toMatchObject({ as: 'refuse', because: 'person' });
  });

  test('neither --as nor a person for whom it is done makes another one', () => {
    expect(judge('soft_closed', 'lock', { ...ADA, onBehalfOf: 'ben' })).toMatchObject({ because: 'person' });
    expect(judge('reopening', 'reopen', { ...BEN, onBehalfOf: 'ada' })).toMatchObject({ because: 'person' });
  });

  test.each(PERIOD_VERBS)('a service is neither of them, whatever it says: %s', (verb) => {
    const states = PERIOD_STATES.filter((state) => periodAfter(state, verb) !== undefined);
    const judged = states.map((state) => judge(state, verb, { ...BEN, service: true }).as);
    expect(judged).toEqual(states.map(() => 'refuse'));
  });

  test('one person is enough to open a month that is not locked, and to keep one locked', () => {
    expect(judge('soft_closed', 'reopen', ADA)).toEqual({ as: 'take', to: 'open' });
    expect(judge('reopening', 'lock', ADA)).toEqual({ as: 'take', to: 'locked' });
  });
});

describe('saying it once more', () => {
  test.each([
    ['open', 'reopen'],
    ['soft_closed', 'close'],
    ['locked', 'lock'],
  ] as const)('changes nothing: %s, %s', (state, verb) => {
    expect([judge(state, verb, ADA), judge(state, verb, BEN)]).toEqual([{ as: 'nothing' }, { as: 'nothing' }]);
  });

  test('looks at the month anew where its numbers have changed', () => {
    expect(judge('soft_closed', 'close', ADA, 'other')).toEqual({ as: 'take', to: 'soft_closed' });
  });
});

test('what cannot be said is refused with what to do first', () => {
  expect(judge('open', 'lock', ADA)).toMatchObject({ because: 'state', why: expect.stringContaining('soft-close it') });
  expect(judge('locked', 'close', ADA)).toMatchObject({ because: 'state', why: expect.stringContaining('Reopen it') });
});
