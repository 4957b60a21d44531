import Type, { type Static } from 'typebox';
import { BOOKS, ENTRY_KINDS, type EntryKind } from './kinds.ts';
import { closed, condition, field, named, sign } from './parts.ts';

export const book = Type.Enum([...BOOKS], { description: 'Book of the entries.', default: 'sales' });
const ownBook = Type.Enum([...BOOKS], {
  description: 'Book of the entry. That of the mapping unless it says otherwise.',
});

const kind = Type.Unsafe<EntryKind>({
  enum: ENTRY_KINDS,
  description: 'Kind of the entry, one that its book has.',
});

export const occurredAt = closed(
  {
    field: field(
      'Field that holds the time of the event: `2026-03-31 08:26:00` (or with `T`), or with an offset after it.',
    ),
    zone: Type.Optional(
      Type.String({
        minLength: 1,
        description: '`client`, `store` or an IANA zone: where a time without an offset is read.',
        expected: 'client, store or an IANA time zone',
      }),
    ),
  },
  { description: 'When it happened. It decides the business day.' },
);
export type OccurredAt = Static<typeof occurredAt>;

const amount = Type.Array(field('A field with a number; `item.` reads the element of `each`.'), {
  minItems: 1,
  maxItems: 4,
  description: 'The exact product of these fields.',
});

const factors = (description: string) =>
  Type.Union([field('A field.'), amount], { description, expected: 'the name of a field, or a list of them' });

export const share = closed(
  {
    of: factors('The total that is shared.'),
    part: factors('What the record, or the element of `each`, has of the whole.'),
    whole: Type.Optional(factors('What all parts are. Their sum over `each` unless it is said.')),
  },
  {
    description:
      'Instead of `amount`, a share of a total: `of` × `part` / `whole`, such as the discount of an order over its lines. The shares sum to the total.',
  },
);
export type Share = Static<typeof share>;

const rule = {
  is: kind,
  when: Type.Optional(condition('Condition over `row` (and `item`, the element of `each`).')),
  amount: Type.Optional(amount),
  share: Type.Optional(share),
  sign: Type.Optional(
    sign('1 keeps the sign of the amount, -1 turns it. That of the mapping unless it says otherwise.'),
  ),
  book: Type.Optional(ownBook),
  occurredAt: Type.Optional(occurredAt),
};

export const mappingCase = closed(
  {
    ...rule,
    where: Type.Optional(
      named(
        Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 }),
        'Columns and the values that each may have; all columns must hold.',
      ),
    ),
  },
  { description: 'One entry a record, by the first case that holds.' },
);
export type MappingCase = Static<typeof mappingCase>;

export const mappingEntry = closed(
  {
    each: Type.Optional(field('A list in the record: one entry for each of its elements.')),
    ...rule,
    order: Type.Optional(field('Field with the id of the order, where it is not that of the record.')),
  },
  { description: 'An entry that every record makes.' },
);
export type MappingEntry = Static<typeof mappingEntry>;

const campaignFields = closed(
  {
    source: Type.Optional(field('Field with utm_source.')),
    medium: Type.Optional(field('Field with utm_medium.')),
    campaign: Type.Optional(field('Field with utm_campaign.')),
    term: Type.Optional(field('Field with utm_term.')),
    content: Type.Optional(field('Field with utm_content.')),
  },
  { description: 'Fields that hold UTM parameters, where they are not in the landing URL.' },
);

const common = {
  key: Type.Array(field('A field, `$file` (the slot of the date) or `$line`.'), {
    minItems: 1,
    description: 'What makes a record the same record when it comes again.',
  }),
  occurredAt,
  version: Type.Optional(field('Field that orders versions of one key. Without it the later line wins.')),
  order: Type.Optional(field('Field with the id of the order.')),
  customer: Type.Optional(field('Field with the id of the customer.')),
  amount: Type.Optional(amount),
  sign: Type.Optional(sign('Sign for all entries that name none; 1 without it.')),
  book: Type.Optional(book),
  currency: Type.Optional(
    field('Field with the currency. A record in another currency than the store is quarantined.'),
  ),
  skipWhen: Type.Optional(condition('Condition over `row`: such a record makes no entries (a test order, say).')),
  landingUrl: Type.Optional(field('Field with the landing URL; UTM parameters and click ids are read from it.')),
  referrer: Type.Optional(field('Field with the referring URL.')),
  utm: Type.Optional(campaignFields),
  dimensions: Type.Optional(
    Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]*$' }), field('Field with the member.'), {
      description: 'Further dimensions of an entry, by name. A report may slice by them.',
    }),
  ),
};

const cases = Type.Array(mappingCase, {
  minItems: 1,
  description: 'One entry a record, by the first case that holds. A mapping has `cases` or `entries`.',
});
const entries = Type.Array(mappingEntry, {
  minItems: 1,
  description:
    'All of these, for each element of `each`; beside others, none for an amount of zero, unless it is a sale. A mapping has `cases` or `entries`.',
});

export const mapping = closed(
  { ...common, cases: Type.Optional(cases), entries: Type.Optional(entries) },
  { description: 'How a record becomes entries of the ledger. It is a transform and has an owner.' },
);
export type Mapping = Static<typeof mapping>;
