import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { mapping } from './mapping.ts';
import { closed, duration, field, id, text } from './parts.ts';
import { authoredGoverned, governed } from './policy.ts';

const format = Type.Enum(['csv', 'ndjson'], { description: 'Format of the file.' });

const reading = {
  format,
  delimiter: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1, description: 'Separator of a CSV.', default: ',' }),
  ),
  encoding: Type.Optional(
    Type.Enum(['utf-8', 'utf-16le', 'iso-8859-1', 'windows-1252'], {
      description: 'Encoding of the text.',
      default: 'utf-8',
    }),
  ),
  header: Type.Optional(
    Type.Union([Type.Literal(true), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
      description: 'The names of the columns of a CSV whose first line is not a header.',
      expected: 'true, or the list of column names',
    }),
  ),
};

export const fileOptions = closed(
  {
    location: text(
      'Path of the file; `{date}` is the business day. Relative to the document that states it. A gzip file is recognised by its content; `.gz` may follow.',
    ),
    ...reading,
  },
  { description: 'Where the file of a day lies and how it is read.' },
);
export type FileOptions = Static<typeof fileOptions>;

export const totalOptions = closed(
  {
    location: text('Path of the file with totals; `{date}` is the business day, where there is one file a day.'),
    ...reading,
    dateField: Type.Optional(field('Field with the business day. Not needed with `{date}` in the location.')),
    valueField: field('Field with the total.'),
    sliceField: Type.Optional(field('Field with the member of the slice.')),
    storeField: Type.Optional(field('Field with the id of the store.')),
  },
  { description: 'Where source-reported totals lie and how they are read.' },
);
export type TotalOptions = Static<typeof totalOptions>;

/** JSON Schema of one record. Its keywords are the author's; it is compiled before a document is accepted. */
export type RecordSchema = Record<string, unknown>;
const FORMATS =
  'Beside the formats of JSON Schema it may use `decimal` (an exact number written as text) and `local-date-time` (`YYYY-MM-DD HH:MM:SS`, read in the zone of `occurredAt`).';
const inlineSchema = Type.Unsafe<RecordSchema>({ type: 'object', description: 'JSON Schema of one record.' });
export const recordSchema = Type.Unsafe<RecordSchema | string>({
  type: ['object', 'string'],
  description: `JSON Schema of one record, inline or the path of a file (JSON or YAML), relative to the document. ${FORMATS}`,
});

const parties = {
  owner: id('Person who answers for the data.'),
  deputy: id('Another person, who stands in.'),
};
const contractTerms = { ...parties, ...governed };

/** The handoff contract of a source, complete: what the document leaves out has come from the team and the policy. */
export const contract = closed(contractTerms, { description: 'Handoff contract of a source.' });
export type Contract = Static<typeof contract>;

export const authoredTerms = {
  ...Type.Partial(Type.Object(parties)).properties,
  ...authoredGoverned,
  decideWithin: Type.Optional(
    duration('The owner has this long to decide. That of the policy unless it says otherwise.'),
  ),
};
const authoredContract = closed(authoredTerms, {
  description:
    'Handoff contract: who answers, until when, what is tried again and who is called. Team and policy fill in the rest.',
});

const common = {
  id: id('Name of the source, and of its transform.'),
  connector: Type.Literal('file', { description: 'How the data is fetched.' }),
  options: fileOptions,
  store: Type.Optional(id('Store that the data belongs to. A client with one store need not name it.')),
  settlingDays: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 400,
      default: DEFAULTS.settlingDays,
      description:
        'Days after the business day in which the source may still change; until then numbers are provisional.',
    }),
  ),
  mapping,
};

export const authoredSource = closed(
  { ...common, contract: Type.Optional(authoredContract), schema: recordSchema },
  { description: 'A system that data comes from.' },
);

export const source = closed(
  {
    ...common,
    store: id('Store that the data belongs to.'),
    settlingDays: Type.Integer({ minimum: 0 }),
    contract,
    schema: inlineSchema,
  },
  { description: 'A source, complete.' },
);
export type Source = Static<typeof source>;

const handoffCommon = {
  id: id('Name of the handoff.'),
  source: id('Source whose data is handed over.'),
};
export const authoredHandoff = closed(
  { ...handoffCommon, schema: Type.Optional(recordSchema), ...authoredTerms },
  {
    description:
      'A further handoff of the data of a source, with a contract of its own. What it leaves out is that of the source.',
  },
);
export const handoff = closed(
  { ...handoffCommon, schema: inlineSchema, ...contractTerms },
  { description: 'A handoff, complete.' },
);
export type Handoff = Static<typeof handoff>;
