import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { closed, currency, date, dateRange, id, localTime, named, text, timeZone, weekday } from './parts.ts';

const cutOff = localTime(
  'When the business day ends, on the following calendar day if it is not 00:00.',
  DEFAULTS.cutOff,
);

const identity = {
  id: id('Name of the client in commands and ids. It never changes.'),
  name: text('Name as shown.'),
  timezone: timeZone('Zone of the business day and of the schedule.'),
  currency: currency('Currency of the published totals.'),
  team: Type.Optional(id('One of `teams`: owners and deputies come from it unless `owners` names others.')),
  policy: Type.Optional(id('One of `policies`: what governs contracts and exceptions that are silent.')),
  customerHistoryFrom: Type.Optional(
    date(
      'First day from which all orders are known. Before there is enough history, new and returning customers are withheld.',
    ),
  ),
};
export const authoredClient = closed(
  { ...identity, cutOff: Type.Optional(cutOff) },
  { description: 'Who the numbers are of.' },
);
export const client = closed({ ...identity, cutOff }, { description: 'The client, complete.' });
export type Client = Static<typeof client>;

const storeId = id('Name of the store in commands and numbers. It never changes.');
export const authoredStore = closed(
  {
    id: storeId,
    name: Type.Optional(text('Name as shown.')),
    timezone: Type.Optional(timeZone('Zone of its business day; that of the client unless it says otherwise.')),
    currency: Type.Optional(currency('Its currency; that of the client unless it says otherwise.')),
    cutOff: Type.Optional(cutOff),
  },
  { description: 'One shop of the client.' },
);
export const store = closed(
  {
    id: storeId,
    name: text('Name as shown.'),
    timezone: timeZone('Zone of its business day.'),
    currency: currency('Its currency.'),
    cutOff,
  },
  { description: 'A store, complete.' },
);
export type Store = Static<typeof store>;

const days = {
  closedWeekdays: Type.Array(weekday, { uniqueItems: true, description: 'Weekdays without trade.' }),
  closedDates: Type.Array(dateRange('A date or a range, both ends included.'), { description: 'Days without trade.' }),
};
export const calendar = closed(days, {
  description: 'Days without trade. A closed day only forgives absence: data that is there counts.',
});
export type Calendar = Static<typeof calendar>;
export const authoredCalendar = Type.Partial(calendar, {
  additionalProperties: false,
  description: 'Days without trade. A closed day only forgives absence: data that is there counts.',
});
export const calendars = named(authoredCalendar, 'Calendars by name.');
export const calendarOrName = Type.Union([id('One of `calendars`.'), authoredCalendar], {
  description:
    'Days without trade, here or by the name of one of `calendars`. A closed day only forgives absence: data that is there counts.',
  expected: 'the name of a calendar, or closedWeekdays and closedDates',
});
