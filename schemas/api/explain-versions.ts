import Type, { type Static } from 'typebox';
import { answer, decimalText, instant, nullable } from './common.ts';
import { publishedNumber } from './numbers.ts';

const share = nullable(decimalText);

const changedRecord = answer({
  state: Type.Enum(['new', 'changed', 'gone']),
  source: Type.String(),
  key: Type.String({ description: 'Business key of the record.' }),
  file: Type.String({ description: 'The file that it stands in, or stood in last.' }),
  line: Type.Integer(),
  before: share,
  after: share,
  contribution: share,
});
const counted = answer({ records: Type.Integer(), contribution: share });

const records = answer(
  {
    new: counted,
    changed: counted,
    gone: counted,
    list: Type.Array(changedRecord, { description: 'Those that change the number most, at most 20.' }),
    more: counted,
    rest: nullable(
      answer(
        { contribution: share, why: Type.String() },
        'What no record of the day explains; the contributions and it sum to the difference.',
      ),
    ),
  },
  'Records whose share of the number is another one, with what they gave before and give now.',
);

const change = answer(
  {
    from: Type.Integer({ description: 'The version before.' }),
    before: share,
    after: share,
    difference: share,
    records: nullable(records),
    parts: Type.Array(answer({ metric: Type.String(), before: share, after: share }), {
      description: 'Metrics that a number is made of which has no records of its own.',
    }),
    definition: nullable(answer({ before: Type.String(), after: Type.String() })),
    model: nullable(answer({ before: Type.Integer(), after: Type.Integer() })),
    transforms: Type.Array(
      answer({ transform: Type.String(), before: nullable(Type.Integer()), after: nullable(Type.Integer()) }),
    ),
  },
  'What is other than in the version before.',
);

const decided = answer(
  {
    how: Type.String({ description: 'In words: what released the version.' }),
    actor: nullable(Type.String({ description: 'Who decided or planned it; null where the policy did.' })),
    onBehalfOf: nullable(Type.String()),
    reason: nullable(Type.String()),
    exception: nullable(Type.String()),
    at: nullable(instant),
    audit: answer({ sequence: Type.String(), hash: Type.String() }, 'The event of the audit trail that published it.'),
  },
  'Who decided that it is published.',
);

const told = answer({
  destination: Type.String(),
  kind: Type.String({ description: 'report, correction or event.' }),
  report: Type.String(),
  businessDate: Type.String({ description: 'The day of the report, or the night of the correction.' }),
  status: Type.String({ description: 'The destination knows the version once it is `sent`.' }),
  recipients: Type.Integer({ description: 'How many.' }),
  messageId: Type.String(),
  at: nullable(instant),
});

export const explainedVersion = answer({
  version: Type.Integer(),
  definition: Type.String(),
  value: nullable(decimalText),
  currency: nullable(Type.String()),
  status: publishedNumber.properties.status,
  finality: publishedNumber.properties.finality,
  reason: publishedNumber.properties.reason,
  basis: Type.Enum(['first', 'provisional', 'tolerance', 'planned', 'decision']),
  publishedAt: instant,
  attempt: Type.Integer(),
  certificate: publishedNumber.properties.certificate,
  certificateWords: Type.String({
    description:
      'What its certificate says, in words: the present one of the present version, of an earlier one its own.',
  }),
  decided,
  change: nullable(change),
  told: Type.Array(told),
});
export type ExplainedVersion = Static<typeof explainedVersion>;
