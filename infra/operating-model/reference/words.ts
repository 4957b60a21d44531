import { KINDS_BY_BOOK } from '../../../schemas/operating-model/kinds.ts';

/** A JSON Schema as the reference reads it. */
export type Described = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
  readonly items?: Described;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly patternProperties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly discriminator?: { readonly propertyName: string };
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly expected?: string;
  readonly description?: string;
  readonly default?: unknown;
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'keys',
};

const KINDS: readonly unknown[] = ['*', ...Object.values(KINDS_BY_BOOK).flat()];
const FEW = 12;

/** The kinds of entry are told in a place of their own. */
const isOfKinds = (values: readonly unknown[]): boolean =>
  values.length > FEW && values.every((one) => KINDS.includes(one));

export const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** The values of a map whose names the author chooses. */
export const valuesOf = (schema: Described) => Object.values(schema.patternProperties ?? {})[0];

function range({ minimum, maximum }: Described): string {
  if (minimum === undefined) return '';
  return maximum === undefined ? `, at least ${minimum}` : `, ${minimum} to ${maximum}`;
}

/** What may stand there, in the words of the error messages: `a duration`, `list of id`. */
export function words(schema: Described): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum && isOfKinds(schema.enum)) return 'one of the [kinds](#kinds-of-entry)';
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return schema.anyOf.map(words).join(' or ');
  if (schema.oneOf) return `keys by ${code(schema.discriminator?.propertyName)}`;
  if (schema.items) return `list of ${words(schema.items)}`;
  if (schema.patternProperties) return `name: ${words(valuesOf(schema)!)}`;
  if (schema.expected) return schema.expected.replace(/(: |, such ).*/, '').replace(/^(an?|the) /, '');
  if (schema.format === 'email') return 'e-mail address';
  const types = [schema.type ?? []].flat().map((type) => TYPES[type] ?? type);
  return types.join(' or ') + range(schema);
}
