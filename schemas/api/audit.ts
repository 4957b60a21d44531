import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { answer, businessDate, clientId, instant, nullable } from './common.ts';

export const auditQuery = closed({ date: businessDate }, { description: 'The day.' });
export const verifyQuery = closed(
  { client: Type.Optional(clientId) },
  { description: 'Whose chain; all unless named.' },
);

export const auditDocument = answer({
  client: Type.String(),
  businessDate: Type.String(),
  story: Type.Array(
    answer({
      at: instant,
      actor: Type.String(),
      onBehalfOf: Type.Optional(Type.String()),
      attempt: nullable(Type.Integer()),
      text: Type.String({ description: 'What happened, in plain words.' }),
    }),
  ),
  attempts: Type.Array(
    answer({
      attempt: Type.Integer(),
      cause: Type.String(),
      actor: Type.String(),
      beginsAt: Type.String(),
      modelVersion: Type.Integer(),
      status: Type.String(),
      error: nullable(Type.String()),
      startedAt: instant,
      endedAt: nullable(instant),
      runId: Type.String(),
    }),
  ),
});
export type AuditDocument = Static<typeof auditDocument>;

export const verification = answer({
  ok: Type.Boolean(),
  events: Type.Integer(),
  problems: Type.Array(answer({ client: Type.String(), sequence: Type.String(), problem: Type.String() })),
});
export type Verification = Static<typeof verification>;
