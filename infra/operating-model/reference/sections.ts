import { type Described, valuesOf } from './words.ts';

/** An object of the document: where it stands, and its keys. */
export type Section = { readonly path: string; readonly schema: Described };

const under = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** A variant of a tagged choice is named by its tag: `checks[] (kind: row)`. */
function variants(path: string, { oneOf = [], discriminator }: Described): readonly Section[] {
  const tag = discriminator?.propertyName ?? '';
  return oneOf.flatMap((variant) => {
    const value = variant.properties?.[tag]?.const;
    return sectionsOf(`${path} (${tag}: ${String(value)})`, path, variant);
  });
}

function below(path: string, schema: Described): readonly Section[] {
  if (schema.items) return below(`${path}[]`, schema.items);
  if (schema.anyOf) return schema.anyOf.flatMap((one) => below(path, one));
  if (schema.oneOf) return variants(path, schema);
  const named = valuesOf(schema);
  if (named) return below(`${path}.<name>`, named);
  return schema.properties ? sectionsOf(path, path, schema) : [];
}

/** An object and every object in it, depth first. */
function sectionsOf(name: string, path: string, schema: Described): readonly Section[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => below(under(path, key), value));
  return [{ path: name, schema }, ...inner];
}

/** The objects below one key of the document. */
export const sectionsBelow = (key: string, schema: Described): readonly Section[] => below(key, schema);

/** The same keys with the same words are described once. */
export const shapeOf = ({ properties, required }: Described): string => JSON.stringify([properties, required]);

/** The object that a value is, or holds; undefined for a plain value and for a choice among several. */
export function objectIn(schema: Described): Described | undefined {
  if (schema.properties) return schema;
  const inner = schema.items ?? valuesOf(schema) ?? schema.anyOf?.find((one) => objectIn(one));
  return inner && objectIn(inner);
}
