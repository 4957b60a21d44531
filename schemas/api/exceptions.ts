import Type, { type Static } from 'typebox';
import { closed, id } from '../operating-model/parts.ts';
import { severity } from '../operating-model/policy.ts';
import { EXCEPTION_STATES } from '../states.ts';
import { exceptionSummary, reconcilingItem } from './closes.ts';
import { answer, clientId, decimalText, instant, nullable, onBehalfOf, quarantinedRecord, reason } from './common.ts';
import { workspace } from './workspace.ts';

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
  responsible: nullable(Type.String({ description: 'Who is asked now; null before anybody was.' })),
  claimedBy: nullable(
    Type.String({ description: 'Who is on it; reminders and the deadline stand still until `claimedUntil`.' }),
  ),
  claimedUntil: nullable(instant),
  version: Type.Integer({ description: 'Names what a decision is about: a decision on an older one is refused.' }),
  openedAt: instant,
};

export const exceptionList = answer({ exceptions: Type.Array(answer(listed)) });
export type ExceptionList = Static<typeof exceptionList>;

const wholeRecord = answer({
  ...quarantinedRecord,
  event: Type.String({ description: 'Names the record where it is to be resubmitted.' }),
  record: nullable(Type.String({ description: 'The record as it came; its first part where it is long.' })),
});

const changedMetric = answer({
  metric: Type.String(),
  before: nullable(decimalText),
  after: nullable(decimalText),
});
export const suggestedFix = answer({
  id: Type.String({ description: 'Names the fix for as long as the exception lives.' }),
  kind: Type.String(),
  title: Type.String({ description: 'What it does, in words.' }),
  preview: answer(
    {
      metrics: Type.Array(changedMetric, { description: 'Every number of the day, without it and with it.' }),
      checks: Type.Array(answer({ check: Type.String(), before: Type.String(), after: Type.String() }), {
        description: 'Checks and controls that say something else with it.',
      }),
      otherDays: Type.Array(answer({ businessDate: Type.String(), metrics: Type.Array(changedMetric) }), {
        description: 'Numbers of other days that it changes.',
      }),
    },
    'What came out when it was tried, with the sources as they were then. Nothing of it was kept.',
  ),
});

export const exceptionDocument = answer({
  ...listed,
  inputHash: Type.String(),
  withheld: Type.Array(Type.String(), { description: 'Metrics that it holds back.' }),
  reconcilingItems: Type.Array(reconcilingItem),
  quarantined: Type.Array(wholeRecord, { description: 'At most a hundred of them.' }),
  workspace,
  timeline: Type.Array(answer({ at: instant, actor: Type.String(), event: Type.String() })),
  incident: nullable(
    answer(
      { id: Type.String(), severity, state: Type.String(), owner: Type.String() },
      'The latest incident that it is part of.',
    ),
  ),
  monthNote: nullable(
    Type.String({ description: 'What it means that its month is soft-closed or locked; null where that is nothing.' }),
  ),
  choices: Type.Array(
    answer({
      verb: Type.Enum(['approve', 'rerun', 'claim', 'reject']),
      title: Type.String(),
      effect: Type.String({ description: 'What comes of it, for what this exception is.' }),
    }),
    { description: 'What can be decided beside the fixes; nothing where it has ended.' },
  ),
  resolvedAt: nullable(instant),
  resolution: nullable(Type.String()),
  suggestedFixes: Type.Array(suggestedFix, {
    description: 'What may mend it, the best first, each tried on the real day.',
  }),
});
export type ExceptionDocument = Static<typeof exceptionDocument>;

const state = Type.Enum([OPEN, ...EXCEPTION_STATES], {
  description: 'A state; `open` is each in which it has not ended.',
});

export const exceptionQuery = closed(
  { client: Type.Optional(clientId), state: Type.Optional(state) },
  { description: 'Which exceptions.' },
);
export const exceptionShowQuery = closed(
  {
    fixes: Type.Optional(
      Type.Enum(['now', 'kept'], {
        description: '`now` tries the fixes against the sources as they are, `kept` answers what came out last.',
        default: 'now',
      }),
    ),
  },
  { description: 'How fixes are shown.' },
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
export const resubmitBody = closed(
  {
    records: Type.Array(
      closed(
        {
          event: Type.String({
            pattern: '^[0-9]{1,18}$',
            description: 'The record, by its `event`.',
            expected: 'the event of a record, as the exception names it',
          }),
          set: Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.Unknown(), {
            minProperties: 1,
            description: 'Fields, and what each is to hold.',
          }),
        },
        { description: 'A record and its edits.' },
      ),
      { minItems: 1, maxItems: 500, description: 'Records of one source.' },
    ),
  },
  { description: 'Edited records. Nothing is changed until the fix is applied; what a source gave is kept for good.' },
);
export type ResubmitBody = Static<typeof resubmitBody>;
export const decisionBody = closed(
  {
    decisionId: Type.String({
      pattern: '^[A-Za-z0-9._:/-]{1,200}$',
      description: 'Names the decision: sent twice, it is taken once.',
      expected: 'an id of the decision, such as a UUID',
    }),
    verb: Type.Enum(['approve', 'reject', 'rerun', 'apply_fix', 'claim', 'reassign', 'comment'], {
      description:
        '`approve` accepts the difference, `reject` the day, `rerun` captures it anew, `apply_fix` applies a suggested fix; `claim` stops reminders and the deadline for a while, `reassign` gives it to another person, `comment` only says something.',
    }),
    args: Type.Optional(
      closed(
        {
          fix: Type.Optional(
            Type.String({
              pattern: '^[A-Za-z0-9._:-]{1,100}$',
              description: 'The fix that `apply_fix` applies.',
              expected: 'the id of a suggested fix',
            }),
          ),
          to: Type.Optional(id('The person whom `reassign` gives it to.')),
        },
        { description: 'What the verb is about.' },
      ),
    ),
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
