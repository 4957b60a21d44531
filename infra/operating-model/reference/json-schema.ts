import { clientDocument } from '../../../schemas/operating-model.ts';

type Json = Record<string, unknown>;

/** Keywords that only our own validator knows. */
const OURS = new Set(['expected', 'discriminator']);
const DECIMAL = '^-?[0-9]+(\\.[0-9]+)?$';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function plainKeyword(key: string, value: unknown): Json {
  if (key === 'format' && value === 'decimal') return { pattern: DECIMAL };
  if (key === 'properties' && isObject(value))
    return { properties: Object.fromEntries(Object.entries(value).map(([name, below]) => [name, plain(below)])) };
  return key === 'default' ? { default: value } : { [key]: plain(value) };
}

/** The schema in the words of JSON Schema alone, so that any editor can use it. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key]) => !OURS.has(key));
  return Object.assign({}, ...kept.map(([key, value]) => plainKeyword(key, value)));
}

/** The shape of a client's document as JSON Schema, draft 7. The policy is checked besides. */
export function publishedSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Operating model of a client of Meshline',
    ...(plain(JSON.parse(JSON.stringify(clientDocument))) as Json),
  };
}
