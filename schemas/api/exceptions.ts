import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { severity } from '../operating-model/policy.ts';
import { exceptionSummary, reconcilingItem } from './closes.ts';
import { answer, clientId, decimalText, instant, nullable, onBehalfOf, quarantinedRecord, reason } from './common.ts';

export const OPEN = 'open';

const listed = {
  ...exceptionSummary,
  client: Type.String(),
  businessDate: Type.String(),
  store: nullable(Type.String()),
  source: nullable(Type.String()),
  control: nullable(Type.String()),
  message: Type.String({ description: 'What was found.' }),
  difference: nullable(decimalText),
  currency: nullable(Type.String()),
  version: Type.Integer({ description: 'Names what a decision is about: a decision on an older one is refused.' }),
  openedAt: instant,
};

export const exceptionList = answer({ exceptions: Type.Array(answer(listed)) });
export type ExceptionList = Static<typeof exceptionList>;

const wholeRecord = answer({
  ...quarantinedRecord,
  record: nullable(Type.String({ description: 'The record as it came; its first part where it is long.' })),
});

export const exceptionDocument = answer({
  ...listed,
  inputHash: Type.String(),
  withheld: Type.Array(Type.String(), { description: 'Metrics that it holds back.' }),
  reconcilingItems: Type.Array(reconcilingItem),
  quarantined: Type.Array(wholeRecord, { description: 'At most a hundred of them.' }),
  timeline: Type.Array(answer({ at: instant, actor: Type.String(), event: Type.String() })),
  incident: nullable(
    answer(
      { id: Type.String(), severity, state: Type.String(), owner: Type.String() },
      'The latest incident that it is part of.',
    ),
  ),
  resolvedAt: nullable(instant),
  resolution: nullable(Type.String()),
  suggestedFixes: Type.Array(Type.Record(Type.String(), Type.Unknown())),
});
export type ExceptionDocument = Static<typeof exceptionDocument>;

const state = Type.Enum([OPEN, 'healing', 'awaiting_decision', 'overdue', 'deciding', 'resolved', 'rejected'], {
  description: 'A state; `open` is each in which it has not ended.',
});

export const exceptionQuery = closed(
  { client: Type.Optional(clientId), state: Type.Optional(state) },
  { description: 'Which exceptions.' },
);
export const exceptionParams = closed(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{1,64}$',
      description: 'Id of the exception.',
      expected: 'the id of an exception',
    }),
  },
  { description: 'An exception.' },
);
export const decisionBody = closed(
  {
    decisionId: Type.String({
      pattern: '^[A-Za-z0-9._:/-]{1,200}$',
      description: 'Names the decision: sent twice, it is taken once.',
      expected: 'an id of the decision, such as a UUID',
    }),
    verb: Type.Enum(['approve', 'reject', 'rerun'], {
      description: '`approve` accepts the difference, `reject` the day, `rerun` captures it anew.',
    }),
    reason,
    expectedVersion: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'The version that was looked at; the present one unless it says otherwise.',
      }),
    ),
    onBehalfOf,
  },
  { description: 'A decision.' },
);
export type DecisionBody = Static<typeof decisionBody>;
