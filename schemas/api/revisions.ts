import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { answer, decimalText, nullable, onBehalfOf, reason } from './common.ts';

export const reviseBody = closed(
  { reason, onBehalfOf },
  { description: 'Why the day is revised, for whoever reads the trail and the correction.' },
);

const revisedTotal = answer({
  metric: Type.String(),
  store: Type.Optional(Type.String({ description: 'Where the client has several stores; empty is all of them.' })),
  version: Type.Integer({ description: 'The version that is published.' }),
  before: nullable(decimalText),
  after: nullable(decimalText),
  currency: nullable(Type.String()),
  finality: Type.Enum(['provisional', 'final']),
  withheld: nullable(Type.String({ description: 'Why it would not be revised: a finding stands over it.' })),
});

/** What a revision of a day would come to. Nothing is saved. */
export const revisionPreview = answer({
  client: Type.String(),
  businessDate: Type.String(),
  metrics: Type.Array(revisedTotal, { description: 'Every published total of the day.' }),
  sources: Type.Array(
    answer({ source: Type.String(), status: Type.Enum(['captured', 'absent', 'failed']), message: Type.String() }),
  ),
  otherDays: Type.Array(Type.String(), { description: 'Further days whose records would change, and lapse.' }),
});
export type RevisionPreviewDocument = Static<typeof revisionPreview>;
