import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { HANDOFF_STATES } from '../states.ts';
import { handoffSummary } from './closes.ts';
import { answer, businessDate, clientId, instant, nullable, problemItem } from './common.ts';

const listed = answer({
  ...handoffSummary,
  client: Type.String(),
  businessDate: Type.String(),
  contract: Type.String({ description: 'Where the operating model says what is owed.' }),
  openedAt: instant,
  acknowledgedBy: nullable(
    Type.String({ description: 'The attempt that took the file, the id of the mail, or who decided.' }),
  ),
  batch: nullable(Type.String({ description: 'The captured file.' })),
  records: nullable(Type.Integer()),
  quarantined: nullable(Type.Integer({ description: 'Records that broke the schema and wait in quarantine.' })),
  version: nullable(Type.String({ description: 'The version of the report that it carries.' })),
  errors: Type.Array(problemItem, { description: 'How the payload breaks its contract, where it was refused.' }),
});

export const handoffQuery = closed(
  {
    client: Type.Optional(clientId),
    date: Type.Optional(businessDate),
    state: Type.Optional(Type.Enum(HANDOFF_STATES, { description: 'The state.' })),
  },
  { description: 'Which hand-offs.' },
);
export const handoffList = answer({
  handoffs: Type.Array(listed, { description: 'At most 1,000, newest days first.' }),
});
export type HandoffList = Static<typeof handoffList>;
