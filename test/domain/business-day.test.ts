import fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import {
  addDays,
  businessDate,
  businessDayClock,
  datesInRange,
  dayBounds,
  localDateTimeToInstant,
  monthOf,
  parseInstant,
  previousSameWeekdays,
  weekday,
} from '../../domain/business-day.ts';

const NEW_YORK = 'America/New_York';
const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);
const hours = (date: string, zone: string, cutOff?: string): number => {
  const { startMs, endMs } = dayBounds(date, zone, cutOff);
  return (endMs - startMs) / HOUR_MS;
};

/** Zones that change clocks at midnight, by half an hour, at 00:01, not at all, or by a whole day. */
const zone = fc.constantFrom(
  NEW_YORK,
  'Europe/London',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'UTC',
);
const instant = fc.integer({ min: at('1970-01-02T00:00:00Z'), max: at('2050-01-01T00:00:00Z') });
const cutOff = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

describe('businessDate', () => {
  test('G12: 03:30Z is the evening before in New York, on a day of 23 hours', () => {
    expect(businessDate(at('2026-03-09T03:30:00Z'), NEW_YORK)).toBe('2026-03-08');
    expect(dayBounds('2026-03-08', NEW_YORK)).toEqual({
      startMs: at('2026-03-08T05:00:00Z'),
      endMs: at('2026-03-09T04:00:00Z'),
    });
    expect(hours('2026-03-08', NEW_YORK)).toBe(23);
  });

  test('G22: both 01:30 of the night in autumn are on the same day of 25 hours', () => {
    const days = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((text) => businessDate(at(text), NEW_YORK));
    expect(days).toEqual(['2026-11-01', '2026-11-01']);
    expect(dayBounds('2026-11-01', NEW_YORK)).toEqual({
      startMs: at('2026-11-01T04:00:00Z'),
      endMs: at('2026-11-02T05:00:00Z'),
    });
    expect(hours('2026-11-01', NEW_YORK)).toBe(25);
  });

  test('takes a Date as well', () => {
    expect(businessDate(new Date('2026-03-09T03:30:00Z'), NEW_YORK)).toBe('2026-03-08');
  });

  test('a day ends at the cut-off of the next calendar day', () => {
    expect(dayBounds('2026-01-10', 'Europe/London', '04:00')).toEqual({
      startMs: at('2026-01-10T04:00:00Z'),
      endMs: at('2026-01-11T04:00:00Z'),
    });
    expect(businessDate(at('2026-01-11T03:59:59.999Z'), 'Europe/London', '04:00')).toBe('2026-01-10');
    expect(businessDate(at('2026-01-11T04:00:00Z'), 'Europe/London', '04:00')).toBe('2026-01-11');
  });

  test('a cut-off that clocks skip is the change itself, one that comes twice its second time', () => {
    expect(dayBounds('2026-03-08', NEW_YORK, '02:30').startMs).toBe(at('2026-03-08T07:00:00Z'));
    expect(dayBounds('2026-11-01', NEW_YORK, '01:30').startMs).toBe(at('2026-11-01T06:30:00Z'));
  });

  test('a day whose midnight is skipped begins with the change', () => {
    expect(dayBounds('2018-11-04', 'America/Sao_Paulo').startMs).toBe(at('2018-11-04T03:00:00Z'));
    expect(hours('2018-11-04', 'America/Sao_Paulo')).toBe(23);
  });

  test('a day that a zone left out has no hours', () => {
    expect(hours('2011-12-30', 'Pacific/Apia')).toBe(0);
    expect(businessDate(at('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe('2011-12-31');
  });

  test('is the calendar date of the zone where there is no cut-off', () => {
    fc.assert(
      fc.property(instant, zone, (ms, name) => {
        expect(businessDate(ms, name)).toBe(DateTime.fromMillis(ms, { zone: name }).toISODate());
      }),
      { numRuns: 300 },
    );
  });

  test('every instant lies inside the bounds of its day, and days follow each other without a gap', () => {
    fc.assert(
      fc.property(instant, zone, cutOff, (ms, name, end) => {
        const date = businessDate(ms, name, end);
        const { startMs, endMs } = dayBounds(date, name, end);
        expect(startMs <= ms && ms < endMs).toBe(true);
        expect(dayBounds(addDays(date, 1), name, end).startMs).toBe(endMs);
        expect(businessDate(startMs, name, end)).toBe(date);
        expect(businessDate(endMs - 1, name, end)).toBe(date);
      }),
      { numRuns: 300 },
    );
  });

  test('a clock gives the same days, in any order of instants', () => {
    fc.assert(
      fc.property(fc.array(instant, { minLength: 1, maxLength: 20 }), zone, cutOff, (instants, name, end) => {
        const clock = businessDayClock(name, end);
        const days = [...instants, ...instants].map(clock);
        expect(days.slice(0, instants.length)).toEqual(instants.map((ms) => businessDate(ms, name, end)));
        expect(days.slice(instants.length)).toEqual(days.slice(0, instants.length));
      }),
      { numRuns: 50 },
    );
  });

  test('refuses a zone, cut-off, date or instant that does not exist, and says which', () => {
    expect(() => businessDate(0, 'Europe/Londn')).toThrow('"Europe/Londn" is no IANA time zone');
    expect(() => businessDate(0, 'UTC', '24:00')).toThrow('"24:00" is no cut-off');
    expect(() => dayBounds('2026-02-30', 'UTC')).toThrow('"2026-02-30" is no date');
    expect(() => businessDate(Number.NaN, 'UTC')).toThrow('needs an instant');
    expect(() => businessDayClock('UTC')(Number.NaN)).toThrow('needs an instant');
  });
});

describe('parseInstant', () => {
  test.each([
    ['2026-03-09T03:30:00Z', '2026-03-09T03:30:00.000Z'],
    ['2026-03-09t03:30:00z', '2026-03-09T03:30:00.000Z'],
    ['2026-03-08 23:30:00-04:00', '2026-03-09T03:30:00.000Z'],
    ['2024-02-29T00:00:00.5+05:45', '2024-02-28T18:15:00.500Z'],
    ['2026-01-01T00:00:00.123999Z', '2026-01-01T00:00:00.123Z'],
  ])('%s is %s', (text, expected) => expect(new Date(parseInstant(text)!).toISOString()).toBe(expected));

  test.each([
    '',
    '2026-03-09',
    '2026-03-09T03:30:00',
    '2026-03-09T03:30Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+0100',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00Z ',
    '2026-01-01T00:00:00ZZ',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026/01/01T00:00:00Z',
    '20x6-01-01T00:00:00Z',
  ])('%j names no instant', (text) => expect(parseInstant(text)).toBeNull());

  test('reads back what every RFC 3339 writer writes', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (ms, minutes) => {
        const text = DateTime.fromMillis(ms, { zone: FixedOffsetZone.instance(minutes) }).toISO()!;
        expect(parseInstant(text)).toBe(ms);
      }),
    );
  });
});

describe('localDateTimeToInstant', () => {
  const utc = (text: string, name: string) => new Date(localDateTimeToInstant(text, name)!).toISOString();

  test('reads a local time in winter and summer, with a blank or a T', () => {
    expect(utc('2010-12-01 08:26:00', 'Europe/London')).toBe('2010-12-01T08:26:00.000Z');
    expect(utc('2011-06-30T08:26:00', 'Europe/London')).toBe('2011-06-30T07:26:00.000Z');
  });

  test('reads a time that comes twice as its first, and a skipped one by the offset before', () => {
    expect(utc('2026-11-01 01:30:00', NEW_YORK)).toBe('2026-11-01T05:30:00.000Z');
    expect(utc('2026-03-08 02:30:00', NEW_YORK)).toBe('2026-03-08T07:30:00.000Z');
    expect(utc('2026-11-01 02:00:00', NEW_YORK)).toBe('2026-11-01T07:00:00.000Z');
  });

  test.each([
    '',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01 00:00:00.5',
    '2026-02-30 00:00:00',
    '1899-12-30 00:00:00',
  ])('%j is no local time', (text) => expect(localDateTimeToInstant(text, NEW_YORK)).toBeNull());

  test('finds an instant at which clocks show that time', () => {
    fc.assert(
      fc.property(instant, zone, (ms, name) => {
        const local = DateTime.fromMillis(ms - (ms % 1000), { zone: name }).toFormat('yyyy-MM-dd HH:mm:ss');
        const found = localDateTimeToInstant(local, name)!;
        expect(DateTime.fromMillis(found, { zone: name }).toFormat('yyyy-MM-dd HH:mm:ss')).toBe(local);
        expect(found <= ms).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('dates', () => {
  test('addDays crosses months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  test('weekday and month of a date', () => {
    expect([weekday('2026-03-08'), weekday('1969-12-31'), monthOf('2026-03-08')]).toEqual([
      'sunday',
      'wednesday',
      '2026-03',
    ]);
  });

  test('a range includes both ends and refuses to run backwards', () => {
    expect(datesInRange('2010-12-30', '2011-01-02')).toEqual(['2010-12-30', '2010-12-31', '2011-01-01', '2011-01-02']);
    expect(datesInRange('2026-03-08', '2026-03-08')).toEqual(['2026-03-08']);
    expect(() => datesInRange('2026-03-08', '2026-03-07')).toThrow('ends before it begins');
  });

  test('the same weekdays before, the nearest first', () => {
    expect(previousSameWeekdays('2026-03-15', 3)).toEqual(['2026-03-08', '2026-03-01', '2026-02-22']);
  });
});
