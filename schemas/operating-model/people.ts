import Type, { type Static } from 'typebox';
import { closed, date, dateRange, id, localTime, named, quietHours, text, timeZone, weekday } from './parts.ts';

export const person = closed(
  {
    id: id('Name of the person in this document and in the audit trail.'),
    name: text('Name as shown on screens and in mails.'),
    email: Type.String({ format: 'email', maxLength: 254, description: 'Where mail for this person goes.' }),
    timezone: timeZone('Zone in which the working hours of this person are read.'),
    hours: Type.Optional(id('One of `hours`. Without it, every hour is a working hour.')),
    quietHours: Type.Optional(
      quietHours(
        'Mails about exceptions and incidents wait for the end of these hours. Those of the policy unless it says otherwise.',
      ),
    ),
    until: Type.Optional(
      date('Last day of this person with the team. After it, whatever the person owned has no owner.'),
    ),
    leave: Type.Optional(
      Type.Array(dateRange('Days away, both ends included.'), {
        description:
          'While away, work of this person is routed to the deputy; what waits when it begins is handed over. No working time of the person passes on these days.',
      }),
    ),
  },
  { description: 'Someone who owns, decides or is told.' },
);
export type Person = Static<typeof person>;
export const people = Type.Array(person, { description: 'Everyone who owns, decides or is told.' });

export const workingHours = closed(
  {
    weekdays: Type.Array(weekday, { minItems: 1, uniqueItems: true, description: 'Working days.' }),
    from: localTime('Start of the working day, in the zone of the person.'),
    to: localTime('End of the working day, in the zone of the person.'),
  },
  { description: 'Working hours that a duration such as `2 working hours` counts.' },
);
export type WorkingHours = Static<typeof workingHours>;
export const hours = named(workingHours, 'Working hours by name.');

export const team = closed(
  {
    metricOwner: Type.Optional(id('Person who answers for metrics that name no owner.')),
    transformOwner: Type.Optional(id('Person who answers for transforms that name no owner.')),
    sourceOwner: Type.Optional(id('Person who answers for sources that name no owner; else `transformOwner`.')),
    reportOwner: Type.Optional(id('Person who answers for reports that name no owner.')),
    incidentOwner: Type.Optional(id('Person who is called when the playbook runs out.')),
    deputy: Type.Optional(id('Person who stands in wherever no deputy is named.')),
  },
  { description: 'Roles, and the people who hold them.' },
);
export type Team = Static<typeof team>;
export const teams = named(team, 'Teams by name. A client leans on one with `client.team`.');

export const ownership = closed(
  {
    owner: id('Person who answers for it.'),
    deputy: id('Another person, who stands in.'),
  },
  { description: 'An owner and a deputy, two different people.' },
);
export type Ownership = Static<typeof ownership>;

const authored = closed(
  { owner: ownership.properties.owner, deputy: Type.Optional(ownership.properties.deputy) },
  { description: 'An owner, and a deputy where it is not the one of the team.' },
);
const byId = (what: string) => named(authored, `Owners of ${what} by id; \`*\` is every one that is not named.`);

export const owners = closed(
  {
    metrics: Type.Optional(byId('metrics')),
    transforms: Type.Optional(byId('transforms (a transform has the id of its source)')),
    reports: Type.Optional(byId('reports')),
    sources: Type.Optional(byId('sources')),
    incidents: Type.Optional(authored),
  },
  { description: 'Who answers for what, where it is not the team.' },
);
