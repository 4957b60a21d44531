import { monthBesideYearBefore, yearEarlier } from '../../domain/year-earlier.ts';

describe('the year before', () => {
  test('has the same day, and the last of February for a leap day', () => {
    expect(yearEarlier('2026-11-15')).toBe('2025-11-15');
    expect(yearEarlier('2028-02-29')).toBe('2027-02-28');
    expect(yearEarlier('2029-02-28')).toBe('2028-02-28');
  });

  test('holds each day of a month so far against the same one, and a leap day against none', () => {
    expect(monthBesideYearBefore('2026-03-02')).toEqual([
      { day: '2026-03-01', before: '2025-03-01' },
      { day: '2026-03-02', before: '2025-03-02' },
    ]);
    expect(monthBesideYearBefore('2028-02-29')).toHaveLength(28);
    expect(monthBesideYearBefore('2029-02-28').at(-1)).toEqual({ day: '2029-02-28', before: '2028-02-28' });
  });
});
