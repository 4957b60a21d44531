import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { answer, clientId, decimalText, instant, nullable, onBehalfOf, reason } from './common.ts';

export const month = Type.String({
  pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
  description: 'The month.',
  expected: 'a month, such as 2026-03',
});
export const periodParams = closed({ client: clientId, month }, { description: 'A month of a client.' });

export const periodBody = Type.Optional(
  nullable(
    closed({ reason: Type.Optional(reason), onBehalfOf }, { description: 'Why, where there is something to say.' }),
  ),
);
export const reopenBody = closed({ reason, onBehalfOf }, { description: 'Why the month is opened again.' });

export const checkItem = answer({
  item: Type.Enum(['days', 'exceptions', 'changes', 'revisions', 'withheld', 'finality']),
  status: Type.Enum(['ok', 'warn', 'blocked'], { description: 'Only `blocked` keeps the month from being closed.' }),
  what: Type.String(),
  next: nullable(Type.String({ description: 'What to do about it.' })),
});

const place = {
  store: Type.String({ description: 'The store; empty for the client as a whole, where it has several.' }),
  metric: Type.String(),
};
const slice = nullable(answer({ dimension: Type.String(), member: Type.String() }));

const revision = answer({
  businessDate: Type.String(),
  ...place,
  slice,
  version: Type.Integer(),
  old: nullable(decimalText),
  new: nullable(decimalText),
  currency: nullable(Type.String()),
  reason: nullable(Type.String({ description: 'Why the number changed.' })),
  basis: Type.String({ description: 'What released the version.' }),
  by: Type.String({ description: 'Who released it; `meshline` where it did so by itself.' }),
  at: instant,
});

const number = answer({
  ...place,
  definition: Type.String(),
  currency: nullable(Type.String()),
  days: Type.Integer({ description: 'Days with a published number.' }),
  ofDays: nullable(Type.String({ description: 'What the days of the month make together.' })),
  adjustments: Type.String({ description: 'What was posted to this month about days of earlier ones.' }),
  value: nullable(Type.String({ description: 'Both together; of a ratio, the ratio of its summed parts.' })),
});

const adjustment = answer({
  businessDate: Type.String({ description: 'The day that it is about.' }),
  postedIn: Type.String({ description: 'The month that it was posted to.' }),
  ...place,
  amount: decimalText,
  currency: nullable(Type.String()),
  reason: Type.String(),
  at: instant,
});

const lateChange = answer({ exception: Type.String(), businessDate: Type.String(), kind: Type.String() });

/** What a day's month says of its numbers. */
export const periodStanding = answer(
  {
    month: Type.String(),
    state: Type.Enum(['open', 'soft_closed', 'locked']),
    adjustments: Type.Array(adjustment, { description: 'What came after the lock, posted to later months.' }),
  },
  'The month, unless it is open and nothing was posted about the day.',
);
export type PeriodStanding = Static<typeof periodStanding>;

export const periodDocument = answer({
  client: Type.String(),
  month: Type.String(),
  state: Type.Enum(['open', 'soft_closed', 'locked']),
  closed: nullable(answer({ by: Type.String(), at: instant, reason: nullable(Type.String()) })),
  locked: nullable(
    answer({
      by: Type.String(),
      at: instant,
      reason: nullable(Type.String()),
      lock: Type.Integer({ description: 'Which lock of the month it is.' }),
      contentHash: Type.String({ description: 'SHA-256 over the numbers as they were locked.' }),
      audit: answer({ sequence: Type.String(), hash: Type.String() }, 'The audit row that holds the hash.'),
    }),
  ),
  reopening: nullable(
    answer({ by: Type.String(), at: instant, reason: Type.String() }, 'Asked for by one person; waits for another.'),
  ),
  checklist: Type.Array(checkItem, { description: 'As it was locked, of a locked month.' }),
  revisions: Type.Array(revision),
  numbers: Type.Array(number),
  adjustments: Type.Array(adjustment, { description: 'Posted to this month about days of earlier ones.' }),
  adjustedSince: Type.Array(adjustment, {
    description: 'Posted to later months about days of this one, which came after its lock.',
  }),
  lateChanges: nullable(
    answer(
      {
        waiting: Type.Array(lateChange, { description: 'For a decision; nothing that they hold back is posted yet.' }),
        rejected: Type.Array(lateChange, { description: 'By a person; nothing that they hold back is posted.' }),
      },
      'What came after the lock and is posted nowhere, as it is now; null while the month is not locked.',
    ),
  ),
  timeline: Type.Array(answer({ at: instant, actor: Type.String(), event: Type.String() })),
});
export type PeriodDocument = Static<typeof periodDocument>;
