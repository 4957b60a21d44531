import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { ROUTED_EVENTS } from '../operating-model.ts';
import { answer, businessDate, clientId, instant, nullable } from './common.ts';

const eventType = Type.Enum([...ROUTED_EVENTS], { description: 'What happened.' });

const event = answer({
  id: Type.String({ description: 'Names it once, however often it is seen.' }),
  client: Type.String(),
  businessDate: nullable(Type.String({ description: 'Null for what concerns no single day.' })),
  type: eventType,
  at: instant,
  facts: Type.Record(Type.String(), Type.Unknown(), { description: 'What a condition may ask of it.' }),
  routed: Type.Array(
    answer({
      to: Type.String({ description: 'A destination of the report, or a person.' }),
      by: Type.Enum(['message', 'report', 'incident'], {
        description: 'A message of routed events, the report of the day, or the mails and requests of the incident.',
      }),
    }),
    { description: 'Where the rules sent it.' },
  ),
  unmatched: Type.Boolean({ description: 'Rules speak of its type, and none of them held.' }),
  deliveries: Type.Array(Type.String(), { description: 'The messages that tell of it.' }),
});

export const eventQuery = closed(
  {
    client: Type.Optional(clientId),
    date: Type.Optional(businessDate),
    type: Type.Optional(eventType),
    unmatched: Type.Optional(Type.Boolean({ description: 'Only those that no rule took, or only the others.' })),
  },
  { description: 'Which events.' },
);
export const eventList = answer({ events: Type.Array(event, { description: 'At most 1,000, newest first.' }) });
export type EventList = Static<typeof eventList>;
