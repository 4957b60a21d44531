import Type, { type Static } from 'typebox';
import { closed, decimal, named } from './parts.ts';

const tolerance = closed(
  {
    absolute: Type.Optional(decimal('Largest change, in the unit of the metric.')),
    percent: Type.Optional(decimal('Largest change in percent of the published number.')),
  },
  {
    description:
      'How far a final number may move and be revised by itself, counted from what a person or the first close made it. A larger change waits for a person; either limit exceeded is larger. Without one, any change is.',
  },
);

const ofMetric = closed(
  {
    settlingDays: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 400,
        description:
          'Days after the business day in which the number is provisional; never fewer than those of its sources.',
      }),
    ),
    tolerance: Type.Optional(tolerance),
  },
  { description: 'How a metric is revised.' },
);
const ofSource = closed(
  { tolerance },
  {
    description: 'How the metrics that read a source are revised, where they say nothing themselves.',
  },
);

/** Optional to the last key, also in a resolved document: those that were stored before have none of it. */
export const revisions = closed(
  {
    metrics: Type.Optional(named(ofMetric, 'By metric, and `*` for any other.')),
    sources: Type.Optional(named(ofSource, 'By source. The window of a source is its `settlingDays`.')),
  },
  { description: 'When a number is final, and what may change it then.' },
);
export type Revisions = Static<typeof revisions>;
