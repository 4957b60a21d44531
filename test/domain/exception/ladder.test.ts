import { nextStep, planLadder, postpone, STEPS, successor } from '../../../domain/exception/ladder.ts';
import type { Person, WorkingHours } from '../../../schemas/operating-model.ts';

const weekdays: WorkingHours['weekdays'] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const hours = { office: { weekdays, from: '09:00', to: '17:30' } };
const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  name: id,
  email: `${id}@agency.example`,
  timezone: 'Europe/London',
  hours: 'office',
  ...more,
});
const ada = person('ada');
const ben = person('ben', { timezone: 'America/New_York' });
const cleo = person('cleo');
const TWO_HOURS = { decideWithin: '2 working hours' };

const at = (instant: string) => Date.parse(instant);
const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', 'Z'));

/** The chain of a question that is asked at an instant: who is asked, and when each step comes. */
function plan(asked: string, chain: Person[], terms: Parameters<typeof planLadder>[1] = TWO_HOURS, from?: string) {
  const { responsible, dueMs } = planLadder(chain, terms, hours, at(asked), from === undefined ? undefined : at(from));
  return { responsible, ...Object.fromEntries(STEPS.map((step) => [step, text(dueMs[step])])) };
}

describe('a question', () => {
  test('on Friday evening has what is left of Friday and the rest on Monday', () => {
    expect(plan('2026-06-05T16:00Z', [ada, ben, cleo])).toEqual({
      responsible: 'ada',
      hand_over: null,
      reminder: null,
      deputy: null,
      overdue: '2026-06-08T09:30Z',
    });
  });

  test('has each step in its time, those that the deadline is before not at all', () => {
    const terms = { decideWithin: '4 working hours', reminder: '1 working hour', deputyAfter: '2 working hours' };
    expect(plan('2026-06-05T15:00Z', [ada, ben], terms)).toMatchObject({
      reminder: '2026-06-05T16:00Z',
      deputy: '2026-06-08T08:30Z',
      overdue: '2026-06-08T10:30Z',
    });
    expect(plan('2026-06-05T15:00Z', [ada, ben], { ...terms, reminder: '1 day', deputyAfter: '9 days' })).toMatchObject(
      { reminder: '2026-06-06T15:00Z', deputy: null },
    );
  });

  test.each([
    ['clocks go forward in London', ada, '2026-03-27T16:30Z', '2026-03-30T09:00Z'],
    ['clocks go back in London', ada, '2026-10-23T15:30Z', '2026-10-26T10:00Z'],
    ['clocks go forward in New York', ben, '2026-03-06T21:30Z', '2026-03-09T14:00Z'],
    ['clocks go back in New York', ben, '2026-10-30T20:30Z', '2026-11-02T15:00Z'],
  ])('over the weekend on which %s', (_, owner, asked, overdue) => {
    expect(plan(asked, [owner])).toMatchObject({ overdue });
  });

  test('to somebody on leave goes to the deputy before the clock starts, in the hours of the deputy', () => {
    const away = person('ada', { leave: ['2026-06-01/2026-06-12'] });
    expect(plan('2026-06-05T08:00Z', [away, ben, cleo])).toMatchObject({
      responsible: 'ben',
      deputy: null,
      overdue: '2026-06-05T15:00Z',
    });
  });

  test('goes to whom it escalates to where the deputy is away too, and to somebody at any rate', () => {
    const leave = ['2026-06-01/2026-06-12'];
    const away = [person('ada', { leave }), person('ben', { leave })];
    expect(plan('2026-06-05T08:00Z', [...away, cleo]).responsible).toBe('cleo');
    expect(plan('2026-06-05T08:00Z', away).responsible).toBe('ben');
  });

  test('goes past somebody who has left', () => {
    const left = person('ada', { until: '2026-06-04' });
    expect(plan('2026-06-04T22:59Z', [left, ben]).responsible).toBe('ada');
    expect(plan('2026-06-04T23:00Z', [left, ben]).responsible).toBe('ben');
  });

  test('is asked of somebody on the last day of a leave in their own zone, not in ours', () => {
    const away = person('ada', { timezone: 'Asia/Tokyo', leave: ['2026-06-05'] });
    expect(plan('2026-06-05T14:59Z', [away, ben]).responsible).toBe('ben');
    expect(plan('2026-06-05T15:00Z', [away, ben]).responsible).toBe('ada');
  });

  test('before a leave is handed over when it begins: what is left counts in the hours of who has it then', () => {
    const leaves = person('ada', { leave: ['2026-06-08/2026-06-19'] });
    // Half an hour on Friday in London; an hour and a half on Monday in New York.
    expect(plan('2026-06-05T16:00Z', [leaves, ben])).toMatchObject({
      responsible: 'ada',
      hand_over: '2026-06-07T23:00Z',
      overdue: '2026-06-08T14:30Z',
    });
  });

  test('that ends before the leave is not handed over', () => {
    const leaves = person('ada', { leave: ['2026-06-08/2026-06-19'] });
    expect(plan('2026-06-05T12:00Z', [leaves, ben])).toMatchObject({ hand_over: null, overdue: '2026-06-05T14:00Z' });
  });

  test('with nobody to hand over to passes over the leave of the last one', () => {
    const leaves = person('ada', { leave: ['2026-06-08'] });
    expect(plan('2026-06-05T16:00Z', [leaves])).toMatchObject({ hand_over: null, overdue: '2026-06-08T09:30Z' });
  });

  test('that is claimed when it is asked has its clock start when the claim ends', () => {
    expect(plan('2026-06-03T09:00Z', [ada], TWO_HOURS, '2026-06-03T12:00Z')).toMatchObject({
      overdue: '2026-06-03T14:00Z',
    });
  });
});

describe('a claim', () => {
  const terms = { decideWithin: '4 working hours', reminder: '1h', deputyAfter: '2 working hours' };
  const asked = at('2026-06-05T12:00Z');
  const ladder = planLadder([ada, ben], terms, hours, asked);

  test('stops the chain: what was left of each step is left when it ends', () => {
    const claimed = postpone(ladder, [ada, ben], terms, hours, at('2026-06-05T12:30Z'), at('2026-06-05T16:00Z'));
    expect(STEPS.map((step) => text(claimed.dueMs[step]))).toEqual([
      null,
      '2026-06-05T16:30Z',
      '2026-06-08T09:00Z',
      '2026-06-08T11:00Z',
    ]);
  });

  test('over a night moves working time, not hours of the clock', () => {
    const claimed = postpone(ladder, [ada, ben], terms, hours, at('2026-06-05T15:00Z'), at('2026-06-08T09:00Z'));
    expect(text(claimed.dueMs.overdue)).toBe('2026-06-08T10:00Z');
  });
});

describe('steps', () => {
  test('come in their order, of one instant the hand-over first and the deadline last', () => {
    expect(nextStep({ hand_over: 5, reminder: 5, deputy: 5, overdue: 5 })).toEqual({ step: 'hand_over', atMs: 5 });
    expect(nextStep({ hand_over: null, reminder: 7, deputy: 6, overdue: 9 })).toEqual({ step: 'deputy', atMs: 6 });
    expect(nextStep({ hand_over: null, reminder: null, deputy: null, overdue: null })).toBeNull();
  });

  test('hand over to the next who is there', () => {
    const away = person('ben', { leave: ['2026-06-08'] });
    expect(successor([ada, away, cleo], 'ada', at('2026-06-08T09:00Z'))?.person.id).toBe('cleo');
    expect(successor([ada, away, cleo], 'cleo', at('2026-06-08T09:00Z'))).toBeNull();
  });
});
