import { isClosedDay } from '../../domain/calendar.ts';

const calendar = { closedWeekdays: ['saturday' as const], closedDates: ['2010-12-24/2011-01-03', '2011-04-22'] };

describe('closed days', () => {
  test.each([
    ['2010-12-23', false],
    ['2010-12-24', true],
    ['2010-12-30', true],
    ['2011-01-03', true],
    ['2011-01-04', false],
    ['2011-04-22', true],
    ['2011-04-21', false],
  ])('%s is closed: %s, the ends of a range included', (date, closed) =>
    expect(isClosedDay(calendar, date)).toBe(closed),
  );

  test('are every one of a closed weekday', () => {
    expect(['2010-12-03', '2010-12-04', '2010-12-05', '2010-12-11'].map((date) => isClosedDay(calendar, date))).toEqual(
      [false, true, false, true],
    );
  });

  test('a calendar that names none closes no day', () => {
    expect(isClosedDay({ closedWeekdays: [], closedDates: [] }, '2026-12-25')).toBe(false);
  });

  test('a date that does not exist is refused', () => {
    expect(() => isClosedDay(calendar, '2026-02-30')).toThrow('is no date');
  });
});
