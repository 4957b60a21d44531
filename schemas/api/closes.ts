import Type, { type Static } from 'typebox';
import { closed, date } from '../operating-model/parts.ts';
import { EXCEPTION_STATES, HANDOFF_KINDS, HANDOFF_STATES } from '../states.ts';
import { answer, decimalText, instant, nullable, onBehalfOf, quarantined, reason } from './common.ts';
import { periodStanding } from './periods.ts';

export const dayStatus = Type.Enum([
  'published',
  'partially_published',
  'waiting',
  'rejected',
  'cancelled',
  'failed',
  'running',
]);

export const exceptionSummary = {
  id: Type.String(),
  kind: Type.String(),
  metric: nullable(Type.String()),
  owner: Type.String(),
  state: Type.Enum(EXCEPTION_STATES),
  deadline: nullable(instant),
};

export const reconcilingItem = answer({
  kind: Type.String(),
  amount: decimalText,
  records: Type.Integer(),
});

const closeMetric = answer({
  metric: Type.String(),
  definition: Type.String(),
  store: Type.Optional(Type.String({ description: 'Where the client has several stores; empty is all of them.' })),
  slice: nullable(Type.String()),
  version: nullable(Type.Integer()),
  value: nullable(decimalText),
  currency: nullable(Type.String()),
  status: Type.Enum(['published', 'withheld', 'undefined']),
  certificate: nullable(Type.Enum(['reconciled', 'qualified', 'unreconciled', 'lapsed'])),
  reason: Type.Optional(Type.String({ description: 'Why it is withheld, or its certificate lapsed.' })),
});

const closeControl = answer({
  control: Type.String(),
  metric: Type.String(),
  store: Type.Optional(Type.String()),
  slice: Type.Optional(Type.String({ description: 'Member of the slice that was compared.' })),
  ours: nullable(decimalText),
  theirs: nullable(decimalText),
  difference: nullable(decimalText),
  unreconciled: nullable(decimalText),
  reconcilingItems: Type.Array(reconcilingItem),
  status: Type.Enum(['matched', 'difference', 'not_reconciled']),
  message: Type.String(),
});

export const captured = answer({
  records: Type.Integer({ description: 'Every record read, quarantined and duplicate ones included.' }),
  quarantined: Type.Integer(),
  duplicates: Type.Integer(),
  inSuspense: decimalText,
});

export const handoffSummary = {
  id: Type.String(),
  kind: Type.Enum(HANDOFF_KINDS, {
    description: 'A source to the close, the close to a destination, or an exception to a person.',
  }),
  subject: Type.String({ description: 'What is handed over.' }),
  sender: Type.String(),
  receiver: Type.String(),
  state: Type.Enum(HANDOFF_STATES),
  late: Type.Boolean({ description: 'Whether it was delivered or answered after its deadline.' }),
  deadline: nullable(instant),
  deliveredAt: nullable(instant),
  acknowledgedAt: nullable(instant),
  exception: nullable(Type.String({ description: 'The exception that it is about, or that follows from it.' })),
};

const awaited = answer({ source: Type.String(), file: Type.String(), until: instant });

/** What a day is: how it ended, what was captured, published and compared, and what waits for a person. */
export const closeDocument = answer({
  client: Type.String(),
  businessDate: Type.String(),
  attempt: Type.Integer(),
  workflowId: Type.String(),
  status: dayStatus,
  stage: Type.Optional(Type.String({ description: 'Where a running attempt is.' })),
  waitingFor: Type.Optional(
    Type.Array(awaited, { description: 'Files that a running attempt waits for, and until when; absent where none.' }),
  ),
  error: Type.Optional(Type.String({ description: 'What ended the last attempt.' })),
  captured,
  quarantined,
  metrics: Type.Array(closeMetric),
  controls: Type.Array(closeControl),
  exceptions: Type.Array(answer(exceptionSummary)),
  handoffs: Type.Array(answer(handoffSummary), { description: 'What the day was handed, and handed on.' }),
  lapsed: nullable(
    answer({ at: instant, reason: Type.String() }, 'An input of the day changed after it was published.'),
  ),
  unmatchedEvents: Type.Optional(
    Type.Integer({
      description: 'Events of the day that no routing rule took, though rules speak of them; absent where none.',
    }),
  ),
  period: Type.Optional(periodStanding),
  lapsedDays: Type.Array(Type.String(), { description: 'All days of the client that are lapsed.' }),
});
export type CloseDocument = Static<typeof closeDocument>;

export const closeList = answer({ days: Type.Array(closeDocument) });
export const closeQuery = closed(
  {
    waitSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30,
        description: 'Answer as soon as the day has ended or waits for a person, or after this time with what it is.',
      }),
    ),
  },
  { description: 'Whether to wait.' },
);
export const rangeQuery = closed(
  { from: date('First day.'), to: date('Last day.') },
  { description: 'Days, both included.' },
);
export const rangeBody = closed(
  { from: date('First day.'), to: date('Last day.'), onBehalfOf },
  { description: 'Days, both included.' },
);
export const startBody = Type.Optional(
  Type.Union([closed({ onBehalfOf }, { description: 'For whom.' }), Type.Null()], {
    expected: 'an object, or no body at all',
  }),
);
export const cancelBody = closed({ reason, onBehalfOf }, { description: 'Why the attempt is ended.' });
export const started = answer({
  client: Type.String(),
  businessDate: Type.String(),
  workflowId: Type.String(),
  runId: Type.String(),
});
export const backfillStarted = answer({ workflowId: Type.String() });
