import Type, { type Static } from 'typebox';
import { closed, date, id } from '../operating-model/parts.ts';
import { answer, decimalText, instant, nullable } from './common.ts';

export const sliceKey = answer({ dimension: Type.String(), member: Type.String() });

export const publishedNumber = answer({
  client: Type.String(),
  store: Type.String({ description: 'Empty is all stores of a client that has several.' }),
  metric: Type.String(),
  definition: Type.String(),
  slice: nullable(sliceKey),
  businessDate: Type.String(),
  version: Type.Integer(),
  value: nullable(decimalText),
  currency: nullable(Type.String()),
  status: Type.Enum(['published', 'undefined']),
  finality: Type.Enum(['provisional', 'final']),
  reason: nullable(Type.String({ description: 'Why this version came after another one.' })),
  certificate: Type.Enum(['reconciled', 'qualified', 'unreconciled', 'lapsed']),
  publishedAt: instant,
});
export const numberList = answer({ numbers: Type.Array(publishedNumber) });
export type NumberList = Static<typeof numberList>;

export const numberQuery = closed(
  {
    metric: Type.Optional(id('A metric; every one unless it is named.')),
    from: Type.Optional(date('First day.')),
    to: Type.Optional(date('Last day.')),
    allVersions: Type.Optional(Type.Boolean({ description: 'Also versions that a later one replaced.' })),
    slice: Type.Optional(id('A dimension: the metric by its members instead of in total.')),
  },
  { description: 'Which numbers.' },
);
