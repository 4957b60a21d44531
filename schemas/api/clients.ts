import Type, { type Static } from 'typebox';
import { closed, date } from '../operating-model/parts.ts';
import { captured, dayStatus } from './closes.ts';
import { answer, decimalText, instant, nullable, onBehalfOf, problemItem, quarantined } from './common.ts';

const LARGEST_DOCUMENT = 2_000_000;

const files = Type.Record(Type.String({ pattern: '^/.+$' }), Type.String({ maxLength: LARGEST_DOCUMENT }), {
  description: 'The texts that the document is made of, by absolute path. Nothing else is read.',
  minProperties: 1,
  maxProperties: 200,
  expected: 'texts by absolute path',
});
const base = Type.String({ minLength: 1, maxLength: 4096, description: 'Path of the client’s document among them.' });

export const applyBody = closed({ base, files, onBehalfOf }, { description: 'A client’s document.' });
export const previewBody = closed(
  { base, files, date: date('The business day to compute.') },
  { description: 'A client’s document, and a day to try it on.' },
);

export const clientList = answer({
  clients: Type.Array(
    answer({
      id: Type.String(),
      name: Type.String(),
      version: Type.Integer({ description: 'Latest version of its operating model.' }),
      timezone: Type.String(),
      currency: Type.String(),
      lastDay: nullable(answer({ businessDate: Type.String(), status: dayStatus })),
    }),
  ),
});
export type ClientList = Static<typeof clientList>;

export const applied = answer({
  client: Type.String(),
  version: Type.Integer(),
  changed: Type.Boolean({ description: 'False where the document says what the latest version says.' }),
  warnings: Type.Optional(
    Type.Array(problemItem, {
      description:
        'What is sound in the document and has no effect, where there is any: a rule that no event meets, a destination whose secret is not set where the workers run.',
    }),
  ),
});
export type AppliedModel = Static<typeof applied>;

export const clientDocument = answer({
  client: Type.String(),
  version: Type.Integer(),
  effectiveFrom: nullable(Type.String()),
  appliedBy: Type.String(),
  appliedAt: instant,
  document: Type.Record(Type.String(), Type.Unknown(), { description: 'The resolved operating model.' }),
  origins: Type.Record(Type.String(), Type.Unknown(), { description: 'Where each part was written.' }),
});
export type ClientDocument = Static<typeof clientDocument>;

export const clientQuery = closed(
  {
    version: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The latest unless it says otherwise.' }),
    ),
  },
  { description: 'Which version.' },
);

/** What a day would be under a document; nothing of it is kept. */
export const previewDocument = answer({
  client: Type.String(),
  businessDate: Type.String(),
  captured,
  quarantined,
  metrics: Type.Array(
    answer({
      metric: Type.String(),
      definition: Type.String(),
      store: Type.Optional(Type.String()),
      slice: nullable(Type.String()),
      value: nullable(decimalText),
      currency: nullable(Type.String()),
      status: Type.Enum(['published', 'withheld', 'undefined']),
      reason: Type.Optional(Type.String({ description: 'Why the close would withhold it.' })),
    }),
  ),
  sources: Type.Array(
    answer({ source: Type.String(), status: Type.Enum(['captured', 'absent', 'failed']), message: Type.String() }),
  ),
  problems: Type.Array(problemItem, {
    description: 'What is wrong with the document; what is wrong with records is in `quarantined`.',
  }),
});
export type PreviewDocument = Static<typeof previewDocument>;
