import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { ENTRY_KINDS, type EntryKind } from './kinds.ts';
import { book } from './mapping.ts';
import { closed, id, text } from './parts.ts';

const kinds = Type.Array(Type.Unsafe<EntryKind | '*'>({ enum: ['*', ...ENTRY_KINDS] }), {
  minItems: 1,
  description: 'Kinds of entry; `"*"` is every kind of the book, `write_off` included.',
});

const sum = closed({ book: Type.Optional(book), kinds }, { description: 'Sum of the amounts of these entries.' });
const count = closed(
  {
    book: Type.Optional(book),
    kinds,
    distinct: Type.Optional(
      Type.Enum(['order', 'customer'], { description: 'Count distinct orders or customers instead of entries.' }),
    ),
  },
  { description: 'Number of these entries.' },
);
const ratio = closed(
  { numerator: id('Metric above the line.'), denominator: id('Metric below the line.') },
  { description: 'One metric divided by another. Over nothing it is undefined.' },
);

const common = {
  id: id('Name of the metric.'),
  title: text('Name as shown in reports.'),
  version: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Version of the definition.', default: DEFAULTS.metricVersion }),
  ),
  sum: Type.Optional(sum),
  count: Type.Optional(count),
  ratio: Type.Optional(ratio),
};

export const authoredMetric = closed(
  {
    ...common,
    owner: Type.Optional(id('Person who answers for it.')),
    deputy: Type.Optional(id('Another person, who stands in.')),
  },
  { description: 'A metric beside the standard library: exactly one of `sum`, `count`, `ratio`.' },
);
export const metric = closed(
  { ...common, version: Type.Integer({ minimum: 1 }) },
  { description: 'A metric, complete.' },
);
export type MetricDefinition = Static<typeof metric>;
