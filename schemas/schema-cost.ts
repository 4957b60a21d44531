type Json = Readonly<Record<string, unknown>>;

/** More subschemas than this, with every reference written out, cost more for each record than any shop's need. */
export const LARGEST_SCHEMA = 10_000;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function referenced(root: Json, pointer: string): unknown {
  return pointer
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((here, step) => (isObject(here) ? here[step] : undefined), root);
}

/**
 * How many subschemas a record is held against at the most, with references written out; a reference that leads back to
 * itself counts once, for records bound its depth. Stops counting at the limit.
 */
export function schemaCost(root: Json): number {
  const known = new Map<unknown, number>();
  const costOf = (schema: unknown): number => {
    if (!isObject(schema)) return 0;
    const before = known.get(schema);
    if (before !== undefined) return before;
    known.set(schema, 1);
    const ref = schema.$ref;
    const below = [...Object.values(schema), typeof ref === 'string' ? referenced(root, ref) : undefined];
    const cost = below.reduce<number>((sum, one) => Math.min(LARGEST_SCHEMA + 1, sum + costOf(one)), 1);
    known.set(schema, cost);
    return cost;
  };
  return costOf(root);
}
