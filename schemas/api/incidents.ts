import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { severity } from '../operating-model/policy.ts';
import { DELIVERY_STATES } from '../states.ts';
import { answer, clientId, decimalText, instant, nullable, onBehalfOf, reason } from './common.ts';

/** Each state in which people may still do something about it. */
export const UNRESOLVED = 'unresolved';

const STATES = ['open', 'acknowledged', 'resolved', 'closed'] as const;
const timeline = Type.Array(answer({ at: instant, actor: Type.String(), event: Type.String() }));

const listed = {
  id: Type.String(),
  client: nullable(Type.String({ description: 'null for an incident that spans clients.' })),
  businessDate: nullable(Type.String()),
  severity,
  owner: Type.String({ description: 'Who holds it: whoever acknowledged it, or whom the operating model names.' }),
  state: Type.Enum([...STATES]),
  title: Type.String({ description: 'What it is about.' }),
  openedAt: instant,
  exceptions: Type.Array(Type.String(), { description: 'Ids of the exceptions that it is about.' }),
  timeline,
};

export const incidentList = answer({ incidents: Type.Array(answer(listed)) });
export type IncidentList = Static<typeof incidentList>;

const impact = answer({
  clients: Type.Integer(),
  days: Type.Integer({ description: 'Business days.' }),
  exceptions: Type.Integer(),
  metricsWithheld: Type.Array(Type.String()),
  differences: Type.Array(
    answer({
      client: Type.String(),
      businessDate: Type.String(),
      amount: decimalText,
      currency: nullable(Type.String()),
    }),
  ),
});

const summary = answer(
  {
    cause: Type.String(),
    minutesToAcknowledge: nullable(Type.Integer()),
    minutesToResolve: Type.Integer(),
    impact,
    told: Type.Array(Type.String()),
    actions: timeline,
    timeline,
  },
  'What is kept of it: written when it is over.',
);

export const incidentDocument = answer({
  ...listed,
  acknowledgedAt: nullable(instant),
  resolvedAt: nullable(instant),
  closedAt: nullable(instant),
  cause: nullable(Type.String()),
  parent: nullable(
    Type.String({ description: 'The incident that spans clients, for a token that reaches all of them.' }),
  ),
  members: Type.Array(
    answer({ id: Type.String(), client: Type.String(), businessDate: Type.String(), state: Type.String() }),
    { description: 'The incidents of each client, of one that spans them.' },
  ),
  told: Type.Array(
    answer({ at: instant, event: Type.String(), to: Type.String(), status: Type.Enum(['sent', 'draft']) }),
    { description: 'Mails. A draft would go outside the team and waits for a person.' },
  ),
  webhooks: Type.Array(
    answer({
      id: Type.String({ description: 'Of the delivery.' }),
      destination: Type.String(),
      event: Type.String(),
      status: Type.Enum([...DELIVERY_STATES]),
      tries: Type.Integer(),
      error: nullable(Type.String()),
      at: instant,
    }),
  ),
  summary: nullable(summary),
});
export type IncidentDocument = Static<typeof incidentDocument>;

export const incidentQuery = closed(
  {
    client: Type.Optional(clientId),
    state: Type.Optional(
      Type.Enum([UNRESOLVED, ...STATES], { description: 'A state; `unresolved` is open or acknowledged.' }),
    ),
  },
  { description: 'Which incidents.' },
);
export const incidentParams = closed(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{1,64}$',
      description: 'Id of the incident.',
      expected: 'the id of an incident',
    }),
  },
  { description: 'An incident.' },
);
export const incidentStepBody = closed(
  {
    decisionId: Type.String({
      pattern: '^[A-Za-z0-9._:/-]{1,200}$',
      description: 'Names the step: sent twice, it is taken once.',
      expected: 'an id of the step, such as a UUID',
    }),
    verb: Type.Enum(['ack', 'update', 'resolve'], {
      description:
        '`ack` takes it over, or hands it to whom it is done for; `update` says how it stands; `resolve` ends it.',
    }),
    reason,
    onBehalfOf,
  },
  { description: 'What is done about an incident; `reason` is the cause where it is resolved.' },
);
export type IncidentStepBody = Static<typeof incidentStepBody>;
