import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { explain } from './explain.ts';
import { isDate, isDateTime, isDecimal, isLocalDateTime } from './formats.ts';
import type { Problem } from './problem.ts';
import { LARGEST_SCHEMA, schemaCost } from './schema-cost.ts';

/** Patterns come from people: RE2 matches in time linear in the text, so none of them can hang a worker. */
function linearRegExp(pattern: string) {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  // ajv shares one compiled pattern among all that have the same text.
  return { test: (text: string) => compiled.test(text), toString: () => pattern };
}
linearRegExp.code = 'linearRegExp';

const options: Options = {
  allErrors: true,
  verbose: true,
  discriminator: true,
  strictTypes: false,
  strictTuples: false,
  code: { regExp: linearRegExp },
};

function furnish<A extends Ajv>(ajv: A): A {
  addFormats.default(ajv);
  ajv.addKeyword({ keyword: 'expected', metaSchema: { type: 'string' } });
  ajv.addFormat('decimal', isDecimal);
  ajv.addFormat('local-date-time', isLocalDateTime);
  ajv.addFormat('date', isDate);
  ajv.addFormat('date-time', isDateTime);
  return ajv;
}

/** The one way to make a validator here: our formats, all errors, patterns on RE2, an unknown keyword refused. */
export const createAjv = (more: Options = {}): Ajv => furnish(new Ajv({ ...options, ...more }));

/** Validates a value and says what is wrong with it; an empty list is a pass. */
export type Validate = (value: unknown) => readonly Problem[];

const NONE: readonly Problem[] = [];

function validateWith(check: ValidateFunction): Validate {
  return (value) => {
    try {
      return check(value) ? NONE : explain(check.errors ?? [], value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ path: '', found: 'values nested too deeply', expected: 'a record that can be read' }];
    }
  };
}

/** Compiles a schema of our own. */
export const compileSchema = (schema: object): Validate => validateWith(createAjv().compile(schema));

const isDraft2020 = (schema: object) => '$schema' in schema && String(schema.$schema).includes('2020-12');

/**
 * Compiles the JSON Schema of a source's records: draft 7, or 2020-12 where `$schema` says so.
 * @throws Error where the schema cannot be compiled: an unknown keyword or format, a pattern that RE2 has not, a remote `$ref`
 */
export function compileRecordSchema(schema: object): Validate {
  if (schemaCost(schema as Record<string, unknown>) > LARGEST_SCHEMA)
    throw new Error(`it holds a record against more than ${LARGEST_SCHEMA} subschemas, references written out`);
  const ajv = isDraft2020(schema) ? furnish(new Ajv2020(options)) : createAjv();
  const { $schema: _, ...body } = schema as { $schema?: string };
  return validateWith(ajv.compile(isDraft2020(schema) ? schema : body));
}
