import type { ErrorObject } from 'ajv';
import { formatPath, stepsOf } from './path.ts';
import type { Problem } from './problem.ts';

type Subschema = Record<string, unknown> & {
  type?: string | string[];
  expected?: string;
  properties?: Record<string, Subschema>;
  oneOf?: Subschema[];
};

const LONGEST = 80;

/** A value in words short enough for a line of an error list. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

const FORMATS: Record<string, string> = {
  decimal: 'a decimal number, such as 12.50',
  'local-date-time': 'a date and time that exist, such as 2026-03-31 08:26:00',
  'date-time': 'a date and time with an offset, such as 2026-03-31T08:26:00Z',
  date: 'a date that exists, such as 2026-03-31',
  email: 'an e-mail address',
};

const oneOf = (values: readonly unknown[]) => {
  const words = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return words.length === 1 ? words[0]! : `one of ${words.join(', ')}`;
};

/** What a schema wants, where the value is of a wrong sort or absent. */
function wanted(schema: Subschema | undefined): string {
  if (schema?.expected) return schema.expected;
  if (schema?.const !== undefined) return describe(schema.const);
  if (Array.isArray(schema?.enum)) return oneOf(schema.enum);
  if (typeof schema?.format === 'string') return FORMATS[schema.format] ?? schema.format;
  return (
    [schema?.type ?? []]
      .flat()
      .map((type) => TYPES[type] ?? type)
      .join(' or ') || 'a value'
  );
}

const tagsOf = (schema: Subschema, tag: string) =>
  (schema.oneOf ?? []).map((variant) => variant.properties?.[tag]?.const).filter((value) => value !== undefined);

type Explain = (error: ErrorObject, schema: Subschema) => { step?: string; found?: string; expected: string };

const limit =
  (words: string): Explain =>
  ({ params }, schema) => ({ expected: schema.expected ?? words.replace('#', String(params.limit)) });

const byKeyword: Record<string, Explain> = {
  required: ({ params }, schema) => ({
    step: params.missingProperty,
    found: 'nothing',
    expected: wanted(schema.properties?.[params.missingProperty]),
  }),
  additionalProperties: ({ params }, schema) => ({
    step: params.additionalProperty,
    found: `the unknown key ${params.additionalProperty}`,
    expected: oneOf(Object.keys(schema.properties ?? {})),
  }),
  discriminator: ({ params }, schema) => ({
    step: params.tag,
    found: describe(params.tagValue),
    expected: oneOf(tagsOf(schema, params.tag)),
  }),
  type: (_, schema) => ({ expected: wanted(schema) }),
  const: ({ params }) => ({ expected: describe(params.allowedValue) }),
  enum: ({ params }) => ({ expected: oneOf(params.allowedValues) }),
  format: ({ params }, schema) => ({ expected: schema.expected ?? FORMATS[params.format] ?? params.format }),
  pattern: ({ params }, schema) => ({ expected: schema.expected ?? `text that matches ${params.pattern}` }),
  minimum: limit('at least #'),
  maximum: limit('at most #'),
  exclusiveMinimum: limit('more than #'),
  exclusiveMaximum: limit('less than #'),
  minLength: limit('at least # characters'),
  maxLength: limit('at most # characters'),
  minItems: limit('a list of at least #'),
  maxItems: limit('a list of at most #'),
  minProperties: limit('at least # of its keys'),
  maxProperties: limit('at most # keys'),
  uniqueItems: ({ params }) => ({
    found: `the same value at ${params.j} and ${params.i}`,
    expected: 'each value once',
  }),
  anyOf: (_, schema) => ({ expected: schema.expected ?? 'one of the allowed forms' }),
  oneOf: (_, schema) => ({ expected: schema.expected ?? 'exactly one of the allowed forms' }),
};

const isChoice = ({ keyword }: ErrorObject) => keyword === 'anyOf' || keyword === 'oneOf';
const within = (path: string, outer: string) => path === outer || path.startsWith(`${outer}/`);
const inside = (choice: ErrorObject) => (error: ErrorObject) =>
  error.schemaPath.startsWith(`${choice.schemaPath}/`) && within(error.instancePath, choice.instancePath);

/** The errors of the one alternative of the right type, if there is one: the author meant that one. */
function meantAlternative(choice: ErrorObject, errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const byAlternative = Map.groupBy(errors.filter(inside(choice)), ({ schemaPath }) =>
    schemaPath
      .slice(choice.schemaPath.length + 1)
      .split('/', 1)
      .join(),
  );
  const ofRightType = [...byAlternative.values()].filter(
    (group) => !group.some(({ keyword, instancePath }) => keyword === 'type' && instancePath === choice.instancePath),
  );
  return ofRightType.length === 1 ? ofRightType[0]! : [];
}

/** Every alternative of a choice reports its own errors; kept are those of the one that was meant, else the choice itself. */
function withoutAlternatives(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  // The outermost first: what it keeps may hold a choice again.
  const choice = errors.filter(isChoice).sort((a, b) => a.schemaPath.length - b.schemaPath.length)[0];
  if (!choice) return errors.filter(({ keyword }) => keyword !== 'if');
  const meant = meantAlternative(choice, errors);
  const dropped = new Set([choice, ...errors.filter(inside(choice))]);
  const others = withoutAlternatives(errors.filter((error) => !dropped.has(error)));
  return meant.length > 0 ? [...others, ...withoutAlternatives(meant)] : [...others, choice];
}

/**
 * Turns the errors of ajv (compiled with `verbose`) into path, found and expected.
 * @param root the value that was validated
 */
export function explain(errors: readonly ErrorObject[], root: unknown): Problem[] {
  return withoutAlternatives(errors).map((error) => {
    const rule = byKeyword[error.keyword];
    const { step, found, expected } = rule
      ? rule(error, (error.parentSchema ?? {}) as Subschema)
      : { expected: error.message ?? error.keyword };
    const steps = stepsOf(error.instancePath, root);
    return {
      path: formatPath(step === undefined ? steps : [...steps, step]),
      found: found ?? describe(error.data),
      expected,
    };
  });
}
