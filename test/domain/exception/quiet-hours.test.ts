import { afterQuietHours } from '../../../domain/exception/quiet-hours.ts';

const NIGHT = { from: '20:00', to: '07:00' };
const due = (instant: string, quiet = NIGHT, zone = 'Europe/London') =>
  new Date(afterQuietHours(Date.parse(instant), quiet, zone)).toISOString().replace(':00.000Z', 'Z');

describe('a mail', () => {
  test.each([
    ['by day goes out at once', '2026-06-05T12:00Z', '2026-06-05T12:00Z'],
    ['in the evening waits for the morning', '2026-06-05T19:00Z', '2026-06-06T06:00Z'],
    ['after midnight waits for the same morning', '2026-06-05T23:30Z', '2026-06-06T06:00Z'],
    ['at the first minute of the morning goes out', '2026-06-06T06:00Z', '2026-06-06T06:00Z'],
    ['in the night in which clocks go forward waits an hour less', '2026-03-28T20:00Z', '2026-03-29T06:00Z'],
    ['in the night in which clocks go back waits an hour more', '2026-10-24T19:00Z', '2026-10-25T07:00Z'],
  ])('%s', (_, at, expected) => expect(due(at)).toBe(expected));

  test('is measured by the clock of its reader', () => {
    expect(due('2026-06-05T19:00Z', NIGHT, 'America/New_York')).toBe('2026-06-05T19:00Z');
  });

  test('waits for the end of quiet hours at noon', () => {
    expect(due('2026-06-05T11:15Z', { from: '12:00', to: '13:00' })).toBe('2026-06-05T12:00Z');
  });

  test('does not wait where there are no quiet hours', () => {
    expect(afterQuietHours(5, undefined, 'UTC')).toBe(5);
    expect(due('2026-06-05T11:15Z', { from: '12:00', to: '12:00' })).toBe('2026-06-05T11:15Z');
  });
});
