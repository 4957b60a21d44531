import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { DELIVERY_KINDS, DELIVERY_STATES } from '../states.ts';
import { answer, businessDate, clientId, instant, nullable, onBehalfOf, reason } from './common.ts';

const listed = {
  id: Type.String(),
  client: Type.String(),
  businessDate: Type.String(),
  kind: Type.Enum([...DELIVERY_KINDS]),
  channel: Type.Enum(['email', 'webhook']),
  report: Type.String(),
  destination: Type.String(),
  version: Type.String({ description: 'The version of the report that it shows.' }),
  mode: Type.String(),
  release: Type.String(),
  guarantee: Type.Enum(['at_least_once', 'at_most_once']),
  state: Type.Enum([...DELIVERY_STATES]),
  recipients: Type.Array(Type.String(), { description: 'Addresses of a mail, or the URL of a webhook.' }),
  subject: Type.String(),
  createdAt: instant,
  queuedSince: nullable(
    Type.String({ description: 'Since when it waits to be sent, or to be sent again; null where it does not.' }),
  ),
  sentAt: nullable(Type.String({ description: 'When it reached its receiver first.' })),
  releasedBy: nullable(Type.String()),
  releasedAt: nullable(instant),
  supersededBy: nullable(Type.String({ description: 'The delivery that took the place of this draft.' })),
  tries: Type.Integer(),
  error: nullable(Type.String({ description: 'What the last try came to, where it did not succeed.' })),
  corrects: Type.Array(Type.String(), {
    description: 'The business days that a correction tells of; its own business day is the night that it is of.',
  }),
};

const deliveryTry = answer({
  try: Type.Integer(),
  startedAt: instant,
  endedAt: nullable(instant),
  outcome: nullable(
    Type.Enum(['sent', 'refused', 'unreached', 'unknown'], {
      description: '`unknown`: the receiver may have taken it. null while it runs, or where its worker died.',
    }),
  ),
  answered: nullable(Type.Integer({ description: 'The status that an HTTP receiver or a mail server answered.' })),
  error: nullable(Type.String()),
});

export const deliveryList = answer({
  deliveries: Type.Array(answer(listed), { description: 'The newest first, at most `limit`.' }),
  more: Type.Boolean({ description: 'Whether there are older ones that are not in the list.' }),
});
export type DeliveryList = Static<typeof deliveryList>;

export const deliveryDocument = answer({
  ...listed,
  key: Type.String({
    description: 'The Message-ID of a mail, the Idempotency-Key of a request: the same for every try.',
  }),
  event: nullable(Type.String({ description: 'What a webhook is told, such as `report.published`.' })),
  text: nullable(Type.String({ description: 'The text of a mail.' })),
  html: nullable(Type.String({ description: 'The same as a page.' })),
  body: nullable(Type.String({ description: 'The body of a request, byte for byte.' })),
  page: nullable(
    Type.String({ description: 'Where it can be read in a browser without signing in, once it is released.' }),
  ),
  log: Type.Array(deliveryTry, { description: 'Every try, oldest first.' }),
});
export type DeliveryDocument = Static<typeof deliveryDocument>;

/** So many are listed where nobody says how many. */
export const LISTED_DELIVERIES = 100;

export const deliveryQuery = closed(
  {
    client: Type.Optional(clientId),
    date: Type.Optional(businessDate),
    state: Type.Optional(Type.Enum([...DELIVERY_STATES], { description: 'The state.' })),
    kind: Type.Optional(Type.Enum([...DELIVERY_KINDS], { description: 'The kind.' })),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: `How many, the newest first; ${LISTED_DELIVERIES} where it is not said.`,
        expected: 'a number from 1 to 1000',
      }),
    ),
  },
  { description: 'Which deliveries.' },
);
export const deliveryParams = closed(
  {
    id: Type.String({
      pattern: '^[1-9][0-9]{0,17}$',
      description: 'Id of the delivery.',
      expected: 'the id of a delivery, such as 41',
    }),
  },
  { description: 'A delivery.' },
);
export const releaseBody = closed(
  { reason: Type.Optional(reason), onBehalfOf },
  { description: 'Who lets a draft out, and why.' },
);
export const resendBody = closed(
  {
    requestId: Type.String({
      pattern: '^[A-Za-z0-9._:/-]{1,200}$',
      description: 'Names the request: sent twice, it is taken once.',
      expected: 'an id of the request, such as a UUID',
    }),
    reason: Type.Optional(reason),
    onBehalfOf,
  },
  { description: 'Who has a delivery sent once more, and why.' },
);
