import { fieldsSeen } from '../../../infra/postgres/checks/records.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import type { ResubmitBody } from '../../../schemas/api/exceptions.ts';
import { describe } from '../../../schemas/explain.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import type { Problem } from '../../../schemas/problem.ts';

type Edits = ResubmitBody['records'];
type Schema = {
  properties?: Readonly<Record<string, { type?: string | readonly string[] }>>;
  required?: readonly string[];
};

const SHOWN_FIELDS = 20;

/** Fields that the source's schema names, and those that its records have. */
async function knownFields(db: Db, clientId: string, source: Source, date: string): Promise<Set<string>> {
  const { now, before } = await fieldsSeen(db, clientId, source.id, date);
  return new Set([...Object.keys((source.schema as Schema).properties ?? {}), ...(now ?? []), ...(before ?? [])]);
}

/** Whether an edit empties a field that every record must have; `null` may be what a source says on purpose. */
function isEmptied({ schema }: Source, field: string, value: unknown): boolean {
  const { properties = {}, required = [] } = schema as Schema;
  const mayBeNull = [properties[field]?.type].flat().includes('null');
  return required.includes(field) && (value === '' || (value === null && !mayBeNull));
}

/** What can be told of edits without trying them: fields that no record of the source has, and emptied ones that it must have. */
export async function problemsOfFields(
  db: Db,
  day: { clientId: string; date: string },
  source: Source,
  records: Edits,
): Promise<Problem[]> {
  const known = await knownFields(db, day.clientId, source, day.date);
  const names = [...known].slice(0, SHOWN_FIELDS).join(', ');
  return records
    .flatMap(({ set }) => Object.entries(set))
    .flatMap(([field, value]) => {
      if (!known.has(field))
        return [{ path: field, found: describe(value), expected: `a field of ${source.id}: ${names}` }];
      return isEmptied(source, field, value) ? [{ path: field, found: 'nothing', expected: 'a value' }] : [];
    });
}
