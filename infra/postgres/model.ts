import { sql } from 'kysely';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import type { OperatingModel, Source } from '../../schemas/operating-model.ts';
import type { Db } from './connect.ts';

export type PinnedModel = { version: number; document: OperatingModel; transforms: Readonly<Record<string, number>> };
type ModelRow = { version: number; document: OperatingModel; transforms: Record<string, number> };

/** The version of a client's operating model that holds on a business day; undefined where none does. */
export async function effectiveVersion(db: Db, clientId: string, date: string): Promise<number | undefined> {
  const { rows } = await sql<{ version: number }>`
    select version from operating_model
    where client_id = ${clientId} and (effective_from is null or effective_from <= ${date})
    order by version desc limit 1`.execute(db);
  return rows[0]?.version;
}

const remembered = new WeakMap<Db, Map<string, PinnedModel>>();

/** A stored version. Versions never change, so a process reads each once. */
export async function loadModel(db: Db, clientId: string, version: number): Promise<PinnedModel> {
  const known = remembered.get(db) ?? new Map<string, PinnedModel>();
  remembered.set(db, known);
  const key = `${clientId}@${version}`;
  const before = known.get(key);
  if (before) return before;
  const { rows } = await sql<ModelRow>`
    select version, document, transforms from operating_model
    where client_id = ${clientId} and version = ${version}`.execute(db);
  if (!rows[0]) throw new Error(`operating model ${key} is not stored`);
  known.set(key, rows[0]);
  return rows[0];
}

/** What decides the meaning of a source's records under this model. */
export function transformRule(model: OperatingModel, source: Source): TransformRule {
  const store = model.stores.find((one) => one.id === source.store);
  return {
    sourceId: source.id,
    storeId: source.store,
    zones: { store: store?.timezone ?? model.client.timezone, client: model.client.timezone },
    cutOff: store?.cutOff ?? model.client.cutOff,
    currency: store?.currency ?? model.client.currency,
    schema: source.schema,
    mapping: source.mapping,
  };
}
