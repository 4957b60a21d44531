import { clocksOfOtherSeason, readingsOf } from '../../../domain/remediation/clocks.ts';

describe('clocks of the other season', () => {
  test.each([
    ['America/New_York', '2026-07-10', ['-05:00']],
    ['America/New_York', '2026-01-10', ['-04:00']],
    ['America/New_York', '2026-03-08', ['-05:00']],
    ['Australia/Adelaide', '2026-07-10', ['+10:30']],
    ['Asia/Tokyo', '2026-07-10', []],
  ])('in %s on %s stand at %j', (zone, date, offsets) => {
    expect(clocksOfOtherSeason(zone, date)).toEqual(offsets);
  });
});

describe('times of a source may be meant', () => {
  const zones = ['UTC', 'Europe/Paris'];

  test('in each other zone where they state no offset', () => {
    expect(readingsOf(zones, 'UTC', { stated: false, left: true })).toEqual([
      { kind: 'read_in_zone', zone: 'Europe/Paris' },
    ]);
  });

  test('by their clock in every zone where they state one', () => {
    expect(readingsOf(zones, 'UTC', { stated: true, left: false })).toEqual(
      zones.map((zone) => ({ kind: 'read_in_zone', zone, offsets: 'ignored' })),
    );
  });
});
