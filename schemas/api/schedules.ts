import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { answer, clientId, onBehalfOf } from './common.ts';

export const scheduleBody = closed(
  {
    client: Type.Optional(clientId),
    all: Type.Optional(Type.Boolean({ description: 'Every client.' })),
    onBehalfOf,
  },
  { description: 'Whose nightly schedule is made or repaired: name a client, or say all.' },
);
export const scheduleList = answer({
  schedules: Type.Array(
    answer({
      client: Type.String(),
      scheduleId: Type.String(),
      at: Type.String({ description: 'Time of day in the zone.' }),
      timezone: Type.String(),
      changed: Type.Boolean(),
    }),
  ),
});
export type ScheduleList = Static<typeof scheduleList>;
