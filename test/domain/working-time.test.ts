import fc from 'fast-check';
import { addWorkingTime, deadlineAfter } from '../../domain/working-time.ts';
import type { WorkingHours } from '../../schemas/operating-model.ts';

const HOUR = 3_600_000;
const office: WorkingHours = {
  weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  from: '09:00',
  to: '17:30',
};
const hours = { office, night: { weekdays: ['saturday', 'sunday'], from: '00:30', to: '04:30' } as WorkingHours };
const london = { timezone: 'Europe/London', hours: 'office' };
const newYork = { timezone: 'America/New_York', hours: 'office' };

const deadline = (start: string, duration: string, person: Parameters<typeof deadlineAfter>[2]) =>
  deadlineAfter(new Date(start), duration, person, hours).toISOString().replace('.000', '');

describe('deadlines', () => {
  test.each([
    ['inside a day', '2026-06-03T09:00:00Z', '2 working hours', '2026-06-03T11:00:00Z'],
    ['over a night', '2026-06-03T15:30:00Z', '2 working hours', '2026-06-04T09:00:00Z'],
    ['from before the working day', '2026-06-03T03:30:00Z', '2 working hours', '2026-06-03T10:00:00Z'],
    ['from Friday evening', '2026-06-05T16:00:00Z', '2 working hours', '2026-06-08T09:30:00Z'],
    ['from after work on Friday', '2026-06-05T20:00:00Z', '2 working hours', '2026-06-08T10:00:00Z'],
    ['from Sunday', '2026-06-07T12:00:00Z', '30 working minutes', '2026-06-08T08:30:00Z'],
    ['up to the last minute of a day', '2026-06-05T14:30:00Z', '2 working hours', '2026-06-05T16:30:00Z'],
    ['over a week', '2026-06-03T08:00:00Z', '51 working hours', '2026-06-10T16:30:00Z'],
    ['over the weekend in which clocks go forward', '2026-03-27T17:00:00Z', '1 working hour', '2026-03-30T08:30:00Z'],
    ['over the weekend in which clocks go back', '2026-10-23T16:00:00Z', '1 working hour', '2026-10-26T09:30:00Z'],
  ])('%s', (_, start, duration, expected) => expect(deadline(start, duration, london)).toBe(expected));

  test('are counted in the zone of the person, not of the shop', () => {
    expect(deadline('2026-06-05T16:00:00Z', '2 working hours', newYork)).toBe('2026-06-05T18:00:00Z');
  });

  test('on the night itself in which clocks go forward, the hour that is skipped is no working hour', () => {
    const nightly = { timezone: 'America/New_York', hours: 'night' };
    expect(deadline('2026-03-08T04:00:00Z', '3 working hours', nightly)).toBe('2026-03-08T08:30:00Z');
    expect(deadline('2026-03-08T04:00:00Z', '4 working hours', nightly)).toBe('2026-03-14T05:30:00Z');
  });

  test('on the night itself in which clocks go back, the hour that comes twice counts twice', () => {
    const nightly = { timezone: 'America/New_York', hours: 'night' };
    expect(deadline('2026-11-01T04:00:00Z', '5 working hours', nightly)).toBe('2026-11-01T09:30:00Z');
  });

  test('of elapsed time do not wait for working hours', () => {
    expect(deadline('2026-06-05T16:00:00Z', '4h', london)).toBe('2026-06-05T20:00:00Z');
    expect(deadline('2026-10-24T16:00:00Z', '1 day', london)).toBe('2026-10-25T16:00:00Z');
  });

  test('of somebody without working hours are elapsed time', () => {
    expect(deadline('2026-06-05T20:00:00Z', '2 working hours', { timezone: 'Europe/London' })).toBe(
      '2026-06-05T22:00:00Z',
    );
  });

  test('hours that hold no time are refused, so that no deadline is looked for without end', () => {
    const never = { ...office, from: '09:00', to: '09:00' };
    expect(() => addWorkingTime(0, HOUR, 'Europe/London', never)).toThrow('hold no time');
    expect(() => addWorkingTime(0, HOUR, 'Europe/London', { ...office, weekdays: [] })).toThrow('hold no time');
  });

  test('come step by step where they come at once', () => {
    const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    const length = fc.integer({ min: 1, max: 40 * HOUR });
    const zone = fc.constantFrom('Europe/London', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(start, length, length, zone, (startMs, first, second, tz) => {
        const between = addWorkingTime(startMs, first, tz, office);
        expect(addWorkingTime(between, second, tz, office)).toBe(addWorkingTime(startMs, first + second, tz, office));
      }),
    );
  });
});
