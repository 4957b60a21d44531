import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { closed, decimal, id, oneOfTagged } from './parts.ts';
import { totalOptions } from './source.ts';

const evidence = Type.Enum(['platform_report', 'processor_report', 'bank', 'same_source'], {
  description:
    'Where the other side’s total comes from. `same_source` (computed from the same data) never reconciles a number.',
});

const tolerance = closed(
  {
    absolute: Type.Optional(decimal('Largest difference, in the unit of the metric.')),
    percent: Type.Optional(decimal('Largest difference in percent of the source-reported total.')),
    monthAbsolute: Type.Optional(decimal('Largest sum of the differences of the days of a month so far.')),
  },
  {
    description:
      'What the whole difference may be; any limit exceeded fails it. Without one, the totals must be equal.',
    default: DEFAULTS.tolerance,
  },
);
export type Tolerance = Static<typeof tolerance>;

const common = {
  id: id('Name of the control.'),
  metric: id('Metric that is reconciled.'),
  evidence,
  tolerance: Type.Optional(tolerance),
  required: Type.Optional(
    Type.Boolean({
      description: 'The number is withheld while the other side’s total is absent.',
      default: DEFAULTS.required,
    }),
  ),
  store: Type.Optional(id('Store that the totals are of; every store unless one is named.')),
  slice: Type.Optional(id('Dimension by which the totals are broken down.')),
};

const file = closed(
  { connector: Type.Literal('file'), ...common, options: totalOptions },
  { description: 'Totals are read from a file.' },
);
const api = closed(
  { connector: Type.Literal('api'), ...common },
  { description: 'Totals are sent to the API of Meshline. Until one is there the control is `not_reconciled`.' },
);

export const authoredControl = oneOfTagged('connector', [file, api], 'A comparison with a source-reported total.');

/** A control with its tolerance filled in: an absent limit does not limit, and without any the totals must be equal. */
export type Control = Static<typeof authoredControl> & { tolerance: Tolerance; required: boolean };
