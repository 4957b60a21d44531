import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { closed, condition, decimal, id, oneOfTagged, text } from './parts.ts';

const severity = Type.Enum(['block', 'warn'], {
  description: '`block` withholds what rests on it; `warn` only tells.',
  default: DEFAULTS.checkSeverity,
});

const common = {
  id: id('Name of the check.'),
  title: Type.Optional(text('Name as shown on screens.')),
  severity: Type.Optional(severity),
};
const ofSource = { ...common, source: id('Source that is checked.') };
const ofMetric = { ...common, metric: id('Metric that is checked.') };

const maximumShare = Type.Optional(decimal('Largest share of the records of the day, from "0" to "1".'));

const where = Type.Record(
  Type.String(),
  Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { minItems: 1 }),
  { description: 'Columns and the values that each may have: only such records are looked at.' },
);

const completeness = closed(
  {
    kind: Type.Literal('completeness'),
    ...ofSource,
    minimumRecords: Type.Integer({ minimum: 0, description: 'Fewest valid records of the business day.' }),
  },
  { description: 'Did enough arrive? On a closed day of the calendar absence is forgiven.' },
);

const quarantine = closed(
  {
    kind: Type.Literal('quarantine'),
    ...ofSource,
    maximumShare,
    maximumAmount: Type.Optional(decimal('Largest amount held in suspense, in the currency of the store.')),
  },
  { description: 'How much may be in quarantine? Either limit exceeded fails it.' },
);

const row = closed(
  {
    kind: Type.Literal('row'),
    ...ofSource,
    where: Type.Optional(where),
    when: Type.Optional(condition('Condition over `row`: only such records are looked at.')),
    expect: condition('Condition over `row` that every record looked at must meet.'),
  },
  { description: 'A condition that records must meet.' },
);

const duplicates = closed(
  { kind: Type.Literal('duplicates'), ...ofSource, maximumShare },
  { description: 'How many records may come twice? None, unless a share is given.' },
);

const drift = closed(
  { kind: Type.Literal('drift'), ...ofSource },
  { description: 'Fields that came or went, or changed their type, against those seen last.' },
);

const maximumChange = closed(
  {
    percent: Type.Optional(decimal('In percent of the number compared with, such as "50".')),
    absolute: Type.Optional(decimal('In the unit of the metric.')),
  },
  {
    minProperties: 1,
    description: 'Largest change against the same weekday of the week before; either limit exceeded fails it.',
  },
);

const safetyBound = closed(
  {
    kind: Type.Literal('safety_bound'),
    ...ofMetric,
    minimum: Type.Optional(decimal('The number must not be below this.')),
    maximum: Type.Optional(decimal('The number must not be above this.')),
    maximumChange: Type.Optional(maximumChange),
  },
  { description: 'A bound that a number must keep before it goes out.' },
);

const anomaly = closed(
  {
    kind: Type.Literal('anomaly'),
    ...ofMetric,
    sensitivity: Type.Optional(
      Type.Enum(['low', 'medium', 'high'], {
        description: 'How soon a number is called unusual.',
        default: 'medium',
      }),
    ),
    ignoreBelow: Type.Optional(decimal('A difference from the expected value below this is never unusual.')),
    minimumHistory: Type.Optional(
      Type.Integer({
        minimum: 2,
        maximum: 104,
        description: 'Days of the same weekday needed before it judges.',
        default: 6,
      }),
    ),
  },
  { description: 'Is the number unusual for its weekday? Looks only at days up to this one.' },
);

export const authoredCheck = oneOfTagged(
  'kind',
  [completeness, quarantine, row, duplicates, drift, safetyBound, anomaly],
  'A check that runs on every close, told apart by `kind`.',
);
export type AuthoredCheck = Static<typeof authoredCheck>;

/** A check with its severity filled in. */
export type Check = AuthoredCheck & { severity: Static<typeof severity> };
export type CheckKind = Check['kind'];
export type CheckOf<K extends CheckKind> = Extract<Check, { kind: K }>;
