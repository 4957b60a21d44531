import Type, { type Static } from 'typebox';
import { answer, decimalText, instant, nullable } from './common.ts';

const bridgeItem = answer({
  kind: Type.String(),
  detail: nullable(Type.String({ description: 'Which reading of the cause: the zone, the lines.' })),
  amount: decimalText,
  records: Type.Integer(),
  largest: Type.Array(answer({ place: nullable(Type.String()), key: Type.String(), amount: decimalText }), {
    description: 'The records that weigh most, at most twenty.',
  }),
});

const capture = answer({
  file: Type.String(),
  at: instant,
  records: Type.Integer(),
  new: Type.Integer(),
  changed: Type.Integer(),
  gone: Type.Integer(),
});

const upstream = answer({
  source: Type.String(),
  owner: Type.String(),
  records: Type.Integer(),
  quarantined: Type.Integer(),
  duplicates: Type.Integer(),
  transform: nullable(Type.String({ description: 'The version that the records were read with.' })),
  captures: Type.Array(capture, { description: 'What was read of it for this day, the newest first.' }),
});

/** What a person needs to find the cause of an exception. */
export const workspace = answer({
  bridge: Type.Array(bridgeItem, { description: 'The reconciling items, each with the records behind it.' }),
  history: Type.Array(
    answer({
      businessDate: Type.String(),
      value: nullable(decimalText),
      currency: nullable(Type.String()),
      certificate: Type.String(),
    }),
    { description: 'The metric on the same weekday of the weeks before, the latest first.' },
  ),
  lineage: answer({
    upstream: Type.Array(upstream, { description: 'The sources that the number is read from.' }),
    downstream: answer({
      metrics: Type.Array(Type.String(), { description: 'What it holds back.' }),
      report: Type.String(),
      destinations: Type.Array(Type.String()),
    }),
  }),
  tried: Type.Array(
    answer({
      attempt: Type.Integer(),
      cause: Type.String(),
      beginsAt: Type.String(),
      status: Type.String(),
      error: nullable(Type.String()),
      startedAt: instant,
      endedAt: nullable(instant),
    }),
    { description: 'The attempts since it was found.' },
  ),
});
export type Workspace = Static<typeof workspace>;
