export type Row = Readonly<Record<string, unknown>>;

/** Reads one place of a record: `customer.id` goes into `customer`, a name without a dot is a column. */
export type FieldReader = (row: Row) => unknown;

const readStep = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Row)[step] : undefined;

/** Compiles a field path once, so that reading a record costs a property access. */
export function fieldReader(path: string): FieldReader {
  const steps = path.split('.');
  if (steps.length === 1) return (row) => row[path];
  return (row) => steps.reduce<unknown>(readStep, row);
}

/** A field as the text it stands for; null where it is absent, empty or not a single value. */
export function fieldText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null;
}
