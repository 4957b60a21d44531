import Type, { type Static } from 'typebox';
import { closed, date, id } from '../operating-model/parts.ts';
import { reconcilingItem } from './closes.ts';
import { answer, decimalText, instant, nullable } from './common.ts';
import { explainedVersion } from './explain-versions.ts';
import { publishedNumber } from './numbers.ts';
import { periodStanding } from './periods.ts';

export const explainQuery = closed(
  {
    metric: id('The metric.'),
    date: date('The business day.'),
    version: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The present one unless it says otherwise.' }),
    ),
    store: Type.Optional(id('The store; all stores together unless it is named.')),
    slice: Type.Optional(id('A dimension; with it, name the member.')),
    member: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'The member of the slice.' })),
  },
  { description: 'Which number.' },
);
export type ExplainQuery = Static<typeof explainQuery>;

const certificate = answer({
  state: publishedNumber.properties.certificate,
  issuedState: Type.String({ description: 'What it said when it was issued.' }),
  issuedAt: instant,
  attempt: Type.Integer(),
  lapsed: nullable(answer({ at: instant, reason: Type.String() })),
  inputHash: Type.String(),
  modelVersion: Type.Integer(),
  audit: answer({ sequence: Type.String(), hash: Type.String() }, 'Place in the audit chain that it was issued after.'),
});

const input = answer({
  source: Type.String(),
  records: Type.Integer({ description: 'Records of the files that stood.' }),
  hash: Type.String({ description: 'sha256 over the hashes of its captures, in their order.' }),
  captures: Type.Array(
    answer({
      batch: Type.String(),
      slot: Type.String(),
      file: Type.String(),
      contentHash: Type.String(),
      records: Type.Integer(),
      capturedAt: instant,
    }),
  ),
});

export const explainDocument = answer({
  ...publishedNumber.properties,
  title: Type.String(),
  owner: Type.String({ description: 'Who answers for the definition.' }),
  certified: certificate,
  inputs: Type.Array(input),
  transforms: Type.Array(answer({ transform: Type.String(), version: Type.Integer(), owner: Type.String() })),
  checks: Type.Array(answer({ check: Type.String(), severity: Type.String(), status: Type.String() })),
  controls: Type.Array(
    answer({
      control: Type.String(),
      slice: Type.Optional(Type.String()),
      ours: nullable(decimalText),
      theirs: nullable(decimalText),
      difference: nullable(decimalText),
      unreconciled: nullable(decimalText),
      reconcilingItems: Type.Array(reconcilingItem),
      status: Type.String(),
      message: Type.String(),
    }),
  ),
  decisions: Type.Array(
    answer({
      exception: Type.String(),
      verb: Type.String(),
      reason: Type.String(),
      actor: Type.String(),
      onBehalfOf: nullable(Type.String()),
      at: instant,
    }),
  ),
  deliveries: Type.Array(
    answer({
      report: Type.String(),
      destination: Type.String(),
      mode: Type.String(),
      status: Type.String(),
      recipients: Type.Array(Type.String()),
      messageId: Type.String(),
      sentAt: nullable(instant),
    }),
  ),
  versions: Type.Array(explainedVersion, {
    description: 'Every version of the number, the first one first, whichever is explained.',
  }),
  period: Type.Optional(periodStanding),
  recomputed: answer(
    {
      value: nullable(decimalText),
      equal: Type.Boolean(),
      records: Type.Integer({ description: 'Raw records that were read for it.' }),
    },
    'The same number, computed afresh from the raw events that it was certified on.',
  ),
});
export type ExplainDocument = Static<typeof explainDocument>;
