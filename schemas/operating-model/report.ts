import Type, { type Static } from 'typebox';
import { closed, condition, duration, id, localTime, oneOfTagged, personOrRole, text } from './parts.ts';

const guarantee = Type.Optional(
  Type.Enum(['at_least_once', 'at_most_once'], {
    description:
      'What a crash may do: `at_least_once` sends again what may not have arrived, under the same key; `at_most_once` never does, and leaves it to a person. `at_least_once` unless said otherwise.',
  }),
);
const giveUpAfter = Type.Optional(
  duration(
    'How long a receiver that is away is waited for before a delivery has failed; 3 days unless said otherwise.',
  ),
);

const email = closed(
  {
    kind: Type.Literal('email', { description: 'By mail.' }),
    id: id('Name of the destination.'),
    to: Type.Array(Type.String({ minLength: 1, maxLength: 254, expected: 'the id of a person or an e-mail address' }), {
      minItems: 1,
      description: 'Ids of people, or e-mail addresses.',
    }),
    mode: Type.Enum(['shadow', 'internal', 'live'], {
      description:
        '`shadow` renders and stores and sends nothing, `internal` sends to `people` only, `live` to anyone.',
    }),
    release: Type.Enum(['automatic', 'after_review'], {
      description:
        'Whether the report goes out by itself. `after_review` keeps it as a draft until a person releases it.',
    }),
    corrections: Type.Optional(
      Type.Enum(['automatic', 'after_review'], {
        description:
          'Whether a correction of what was reported goes out by itself. Where nothing is said, as `release` for people of the team, and as a draft for anyone else.',
      }),
    ),
    guarantee,
    giveUpAfter,
  },
  { description: 'People who get the report, and incidents that are routed here.' },
);
export type EmailDestination = Static<typeof email>;

const webhook = closed(
  {
    kind: Type.Literal('webhook', { description: 'By an HTTP request.' }),
    id: id('Name of the destination.'),
    url: Type.String({
      pattern: '^https?://[^\\s@]+$',
      maxLength: 500,
      description: 'Where events are posted to. Redirects are not followed.',
      expected: 'an http or https URL without a user and password',
    }),
    secretRef: id(
      'Name of the secret that requests are signed with; the secret itself is in the environment of the workers, as `MESHLINE_SECRET_<NAME>`.',
    ),
    mode: Type.Enum(['shadow', 'live'], { description: '`shadow` stores what would be sent and sends nothing.' }),
    release: Type.Optional(
      Type.Enum(['automatic', 'after_review'], {
        description:
          'Whether the report goes out by itself. `after_review` keeps it as a draft until a person releases it. `automatic` unless said otherwise.',
      }),
    ),
    guarantee,
    giveUpAfter,
  },
  { description: 'A system that gets the report as JSON, and is told of incidents that are routed here.' },
);
export type WebhookDestination = Static<typeof webhook>;

const kept = (silence: string) => Type.Enum(['shadow', 'live'], { description: silence });

const warehouse = closed(
  {
    kind: Type.Literal('warehouse', { description: 'In views of the database.' }),
    id: id('Name of the destination.'),
    mode: kept('`live` shows the client’s numbers in `published_number_current`; `shadow` shows none of them there.'),
  },
  { description: 'A warehouse that reads the published numbers from the views of the database.' },
);

const exported = closed(
  {
    kind: Type.Literal('export', { description: 'As a file.' }),
    id: id('Name of the destination.'),
    format: Type.Enum(['csv', 'ndjson'], { description: 'How the file is written.' }),
    by: Type.Enum(['day', 'month'], { description: 'What one file holds: a business day, or the days of a month.' }),
    location: text(
      'Path of the file, which ends as its format is called; `{date}` is the business day, `{month}` the month. Relative to the document that states it.',
    ),
    mode: kept('`shadow` writes no file.'),
  },
  { description: 'A file with the published numbers, written after each publication and each revision.' },
);
export type ExportDestination = Static<typeof exported>;

const destination = oneOfTagged(
  'kind',
  [email, webhook, warehouse, exported],
  'Where a report, an event or the numbers go.',
);
/** A destination that is told of something; numbers are read from the others. */
export type MessageDestination = EmailDestination | WebhookDestination;
export type Destination = MessageDestination | Static<typeof warehouse> | ExportDestination;

const schedule = closed(
  {
    at: localTime('When the close starts every night, in the zone of the client.'),
    deliverBy: Type.Optional(localTime('When the report is due, in the zone of the client.')),
  },
  { description: 'When the close runs.' },
);

const common = {
  id: id('Name of the report.'),
  title: Type.Optional(text('Name as shown in mails.')),
  metrics: Type.Array(id('A metric.'), {
    minItems: 1,
    uniqueItems: true,
    description: 'Metrics in the order of the report.',
  }),
  schedule,
  destinations: Type.Array(destination, { description: 'Where it goes.' }),
};
const slices = Type.Array(id('A dimension.'), {
  uniqueItems: true,
  description: 'Dimensions by which the metrics are shown as well.',
});

export const authoredReport = closed(
  { ...common, slices: Type.Optional(slices) },
  { description: 'What goes out every night.' },
);
export const report = closed({ ...common, slices }, { description: 'The report, complete.' });
export type Report = Static<typeof report>;

export const ROUTED_EVENTS = [
  'number.published',
  'number.revised',
  'close.finished',
  'exception.opened',
  'exception.overdue',
  'exception.resolved',
  'incident.opened',
  'incident.acknowledged',
  'incident.resolved',
  'delivery.failed',
  'period.closed',
  'period.locked',
  'period.reopened',
] as const;
/** What the `routing` rules may be about. */
export type EventType = (typeof ROUTED_EVENTS)[number];

export const routingRule = closed(
  {
    on: Type.Enum([...ROUTED_EVENTS], { description: 'The event.' }),
    when: Type.Optional(condition('Condition over `event` (and `exception`, where the event is about one).')),
    to: Type.Array(personOrRole('A destination of the report, a person or a role of the team.'), {
      minItems: 1,
      description: 'Destinations of the report, people, or roles of the team.',
    }),
  },
  { description: 'Who is told of an event.' },
);
export type RoutingRule = Static<typeof routingRule>;

const rules = Type.Array(routingRule, { description: 'Who is told of which event.' });
const matchedRules = closed(
  {
    match: Type.Enum(['first', 'all'], {
      description: '`all`: every rule that holds for an event applies. `first`: the first one decides alone.',
    }),
    rules,
  },
  { description: 'Rules, and how many of them apply to one event.' },
);
export const routing = Type.Union([rules, matchedRules], {
  description: 'Who is told of which event. A list by itself means that every rule that holds applies.',
  expected: 'a list of rules, or match and rules',
});
export type Routing = Static<typeof routing>;
