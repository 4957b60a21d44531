import { sql } from 'kysely';
import { decimalWithPoint } from '../../../domain/normalize/decimal-comma.ts';
import type { Fix } from '../../../domain/remediation/fix.ts';
import { findRenames } from '../../../domain/remediation/renames.ts';
import { compileRecordSchema } from '../../../schemas/ajv.ts';
import type { EntryKind } from '../../../schemas/operating-model/kinds.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import { fieldsSeen } from '../../postgres/checks/records.ts';
import type { Situation } from './situation.ts';
import type { Survey } from './survey.ts';

type Json = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Json>>;

const propertiesOf = ({ schema }: Source): Properties => (schema as { properties?: Properties }).properties ?? {};
const requiredOf = ({ schema }: Source): readonly string[] => (schema as { required?: string[] }).required ?? [];

/** A renamed field is read under the name that the model knows. */
export async function proposeRenames({ session, day }: Situation, source: Source, survey: Survey): Promise<Fix[]> {
  const { now, before } = await fieldsSeen(session.db, day.clientId, source.id, day.businessDate);
  const properties = propertiesOf(source);
  const known = new Set([...Object.keys(properties), ...(before ?? [])]);
  const missing = requiredOf(source).filter((field) => !survey.fields.has(field));
  const added = [...survey.fields.keys()].filter((field) => !known.has(field));
  if (missing.length === 0 || added.length === 0) return [];
  const renames = findRenames(missing, added, { before, now: now ?? [...survey.fields.keys()] }, ({ from, to }) => {
    const { samples } = survey.fields.get(from)!;
    const validate = compileRecordSchema(properties[to] ?? {});
    return samples.every((one) => validate(one).length === 0);
  });
  if (renames.length === 0) return [];
  const add = renames.map((one) => ({ kind: 'rename_field' as const, ...one }));
  const named = renames.map(({ from, to }) => `"${from}" as ${to}`).join(', ');
  const title = `Read ${named} in ${source.id} of this day`;
  return [{ kind: 'map_field', title, change: { by: 'adjusting', source: source.id, add } }];
}

/** Decimals that are written with a comma are resubmitted with a point. */
export function proposeDecimalCommas(source: Source, survey: Survey): Fix[] {
  const properties = propertiesOf(source);
  const fields = [...survey.commas.keys()].filter((field) => properties[field]?.format === 'decimal');
  const [first] = fields;
  if (first === undefined) return [];
  const example = survey.fields.get(first)?.samples.find((one) => decimalWithPoint(one) !== null);
  const shown = example === undefined ? '' : `: ${String(example)} as ${decimalWithPoint(example)}`;
  const title = `Resubmit the records of ${source.id} with a decimal point in ${fields.join(', ')}${shown}${survey.thousands.has(first) ? ', its dots parting thousands' : ''}`;
  const thousands = fields.filter((field) => survey.thousands.has(field));
  const add = [{ kind: 'decimal_comma' as const, fields, ...(thousands.length > 0 && { thousands }) }];
  return [{ kind: 'resubmit_quarantined', title, change: { by: 'adjusting', source: source.id, add } }];
}

/** Records that say of themselves that they are tests are left out; most of a day is never a test. */
export function proposeExclusions(source: Source, survey: Survey): Fix[] {
  return [...survey.marks]
    .filter(([, records]) => records * 2 < survey.records)
    .map(([when, records]) => ({
      kind: 'exclude_test_orders',
      title: `Leave out ${records} test ${records === 1 ? 'record' : 'records'} of ${source.id}: ${when}`,
      change: { by: 'adjusting', source: source.id, add: [{ kind: 'skip_records', when }] },
    }));
}

/** Kinds of which a day as a whole takes away, never adds. */
const DEDUCTIONS: readonly EntryKind[] = ['discount', 'sales_reversal', 'refund'];

/** Deductions that add up to more than nothing were written with the other sign. */
export async function proposeSigns({ session, day }: Situation, source: Source): Promise<Fix[]> {
  const { rows } = await sql<{ kind: EntryKind }>`
    select kind from ledger_entry
    where client_id = ${day.clientId} and business_date = ${day.businessDate} and source_id = ${source.id}
      and kind = any(${[...DEDUCTIONS]})
    group by kind having sum(amount_micros) > 0 order by kind`.execute(session.db);
  return rows.map(({ kind }) => ({
    kind: 'resubmit_quarantined',
    title: `Read every ${kind.replaceAll('_', ' ')} of ${source.id} of this day with the other sign`,
    change: { by: 'adjusting', source: source.id, add: [{ kind: 'turn_sign', of: kind }] },
  }));
}
