import { sql } from 'kysely';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import { loadModel, type PinnedModel, transformRule } from '../model.ts';
import { transformOf } from '../read/certified-records.ts';

/** The pinned operating model with what people decided for one business day alone. */
export type DayModel = PinnedModel & { rules: Readonly<Record<string, TransformRule>> };
export type ModelledDay = { clientId: string; businessDate: string; modelVersion: number };
type Day = Pick<ModelledDay, 'clientId' | 'businessDate'>;
type OwnTransform = { source_id: string; transform_version: number | null };

/** The transform versions that a day's sources are read with where it is not that of the operating model. */
async function ownTransforms(db: Db, { clientId, businessDate }: Day): Promise<Map<string, number>> {
  const { rows } = await sql<OwnTransform>`
    select distinct on (source_id) source_id, transform_version from day_transform
    where client_id = ${clientId} and business_date = ${businessDate}
    order by source_id, sequence desc`.execute(db);
  return new Map(
    rows.flatMap((row) => (row.transform_version === null ? [] : [[row.source_id, row.transform_version]])),
  );
}

async function isDeclaredClosed(db: Db, { clientId, businessDate }: Day): Promise<boolean> {
  const { rows } = await sql`
    select from declared_closed_day where client_id = ${clientId} and business_date = ${businessDate}`.execute(db);
  return rows.length > 0;
}

const closedOn = (model: OperatingModel, date: string): OperatingModel => ({
  ...model,
  calendar: { ...model.calendar, closedDates: [...model.calendar.closedDates, date] },
});

/** A model, or a draft of one, as it is used on a day. */
export async function onDay(db: Db, day: Day, model: PinnedModel): Promise<DayModel> {
  const own = await ownTransforms(db, day);
  const rules: Record<string, TransformRule> = {};
  for (const source of model.document.sources) {
    const version = own.get(source.id);
    rules[source.id] =
      version === undefined
        ? transformRule(model.document, source)
        : await transformOf(db, day.clientId, source.id, version);
  }
  const document = (await isDeclaredClosed(db, day)) ? closedOn(model.document, day.businessDate) : model.document;
  return { ...model, document, rules, transforms: { ...model.transforms, ...Object.fromEntries(own) } };
}

/** Reads the model of a day's attempt: the version that it pinned, and what was decided for the day. */
export async function loadDayModel(db: Db, day: ModelledDay): Promise<DayModel> {
  return onDay(db, day, await loadModel(db, day.clientId, day.modelVersion));
}
