import type { EntryKind } from '../../schemas/operating-model/kinds.ts';
import { parseInstant } from '../business-day.ts';
import { compileCondition } from '../cel.ts';
import { recordViews } from '../cel-views.ts';
import type { Row } from '../fields.ts';
import { decimalWithPoint, withoutThousands } from './decimal-comma.ts';
import type { TransformRule } from './rule.ts';

/**
 * What one day's records of a source are read with beside the operating model, because a person decided so. Records are
 * named by the id of their raw event, which stays theirs for as long as their content does.
 */
export type Adjustment =
  | { kind: 'rename_field'; from: string; to: string }
  /** `thousands` are the fields among them whose dots part thousands, also where no comma stands. */
  | { kind: 'decimal_comma'; fields: readonly string[]; thousands?: readonly string[] }
  | { kind: 'patch_record'; record: string; set: Readonly<Record<string, unknown>> }
  | { kind: 'skip_records'; when: string }
  /** First and last id of each range, both included. */
  | { kind: 'skip_events'; ranges: readonly (readonly [first: string, last: string])[] }
  /** Times are read in this zone: those without an offset, or, by what their clock shows, those with one too. */
  | { kind: 'read_in_zone'; zone: string; offsets?: 'ignored' }
  /** Entries of this kind have the other sign. */
  | { kind: 'turn_sign'; of: EntryKind };

/** `YYYY-MM-DDTHH:MM:SS` */
const CLOCK_LENGTH = 19;

/** A record as it is to be read; null where it makes no entries. */
export type Adjust = (row: Row, rawEventId: bigint) => Row | null;

type Schema = Readonly<Record<string, unknown>>;

export type RenameField = Extract<Adjustment, { kind: 'rename_field' }>;

/** The fields that a rule reads under another name. */
export const renamesOf = ({ adjustments = [] }: TransformRule): RenameField[] =>
  adjustments.filter((one) => one.kind === 'rename_field');

/** Reads fields under the names that the model knows; a record that has both keeps both. */
export function renamesInOrder(renames: readonly RenameField[]): (row: Row) => Row {
  const steps = renames.map(renameField);
  return (row) => steps.reduce((read, step) => step(read), row);
}

function renameField({ from, to }: RenameField): (row: Row) => Row {
  return (row) => {
    if (!Object.hasOwn(row, from) || Object.hasOwn(row, to)) return row;
    const { [from]: value, ...others } = row;
    return { ...others, [to]: value };
  };
}

function readCommas({ fields, thousands = [] }: Extract<Adjustment, { kind: 'decimal_comma' }>): Adjust {
  const grouped = new Set(thousands);
  return (row) => {
    const read = fields.flatMap((field) => {
      const value = decimalWithPoint(row[field]) ?? (grouped.has(field) ? withoutThousands(row[field]) : null);
      return value === null ? [] : [[field, value]];
    });
    return read.length === 0 ? row : { ...row, ...Object.fromEntries(read) };
  };
}

function patchRecord({ record, set }: Extract<Adjustment, { kind: 'patch_record' }>): Adjust {
  const id = BigInt(record);
  return (row, rawEventId) => (rawEventId === id ? { ...row, ...set } : row);
}

function skipRecords({ when }: Extract<Adjustment, { kind: 'skip_records' }>, schema: Schema): Adjust {
  const skips = compileCondition(when, recordViews(schema)());
  return (row) => {
    try {
      return skips({ row }) ? null : row;
    } catch {
      // What the condition cannot judge is not what it was written for.
      return row;
    }
  };
}

function skipEvents({ ranges }: Extract<Adjustment, { kind: 'skip_events' }>): Adjust {
  const spans = ranges.map(([first, last]) => [BigInt(first), BigInt(last)] as const);
  return (row, id) => (spans.some(([first, last]) => first <= id && id <= last) ? null : row);
}

const timeFields = ({ mapping }: TransformRule): string[] =>
  [mapping, ...(mapping.cases ?? []), ...(mapping.entries ?? [])].flatMap((part) => part.occurredAt?.field ?? []);

/** A schema of local times would refuse those with an offset that is to be ignored. */
function withoutOffsets(rule: TransformRule): Adjust {
  const properties = (rule.schema.properties ?? {}) as Readonly<Record<string, { format?: unknown }>>;
  const local = new Set(timeFields(rule).filter((field) => properties[field]?.format === 'local-date-time'));
  return (row) => {
    const shown = [...local].flatMap((field) => {
      const value = row[field];
      return typeof value === 'string' && parseInstant(value) !== null ? [[field, value.slice(0, CLOCK_LENGTH)]] : [];
    });
    return shown.length === 0 ? row : { ...row, ...Object.fromEntries(shown) };
  };
}

function compileOne(adjustment: Adjustment, rule: TransformRule): Adjust[] {
  switch (adjustment.kind) {
    case 'rename_field':
      return [renameField(adjustment)];
    case 'decimal_comma':
      return [readCommas(adjustment)];
    case 'patch_record':
      return [patchRecord(adjustment)];
    case 'skip_records':
      return [skipRecords(adjustment, rule.schema)];
    case 'skip_events':
      return [skipEvents(adjustment)];
    case 'read_in_zone':
      return adjustment.offsets === 'ignored' ? [withoutOffsets(rule)] : [];
    case 'turn_sign':
      return [];
  }
}

/** Compiles a rule's adjustments, applied in their order, before a record is held against its schema. */
export function compileAdjustments(rule: TransformRule): Adjust {
  const steps = (rule.adjustments ?? []).flatMap((one) => compileOne(one, rule));
  return (row, rawEventId) => {
    let read: Row | null = row;
    for (const step of steps) {
      if (read === null) return null;
      read = step(read, rawEventId);
    }
    return read;
  };
}
