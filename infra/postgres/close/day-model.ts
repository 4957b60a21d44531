import { sql } from 'kysely';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import { loadModel, type PinnedModel, transformRule } from '../model.ts';
import { transformOf } from '../read/certified-records.ts';

/** The pinned operating model with what people decided for one business day alone. */
export type DayModel = PinnedModel & {
  rules: Readonly<Record<string, TransformRule>>;
  /** The decisions behind what is the day's own: by source, or that it was a day without trade. */
  fixes: readonly { source: string | null; decisionId: string }[];
};
export type ModelledDay = { clientId: string; businessDate: string; modelVersion: number };
type Day = Pick<ModelledDay, 'clientId' | 'businessDate'>;
type OwnTransform = { source_id: string; transform_version: number; decision_id: string };

/** The transform versions that a day's sources are read with where it is not that of the operating model. */
async function ownTransforms(db: Db, { clientId, businessDate }: Day): Promise<Map<string, OwnTransform>> {
  const { rows } = await sql<OwnTransform>`
    select * from (
      select distinct on (source_id) source_id, transform_version, decision_id from day_transform
      where client_id = ${clientId} and business_date = ${businessDate} order by source_id, sequence desc
    ) latest where transform_version is not null`.execute(db);
  return new Map(rows.map((row) => [row.source_id, row]));
}

/** The decision that declared the day one without trade; null where none did. */
async function declaredClosedBy(db: Db, { clientId, businessDate }: Day): Promise<string | null> {
  const { rows } = await sql<{ decision_id: string }>`
    select decision_id from declared_closed_day where client_id = ${clientId} and business_date = ${businessDate}`.execute(
    db,
  );
  return rows[0]?.decision_id ?? null;
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
    const version = own.get(source.id)?.transform_version;
    rules[source.id] =
      version === undefined
        ? transformRule(model.document, source)
        : await transformOf(db, day.clientId, source.id, version);
  }
  const closedBy = await declaredClosedBy(db, day);
  const versions = [...own.values()].map((one) => [one.source_id, one.transform_version]);
  return {
    ...model,
    document: closedBy === null ? model.document : closedOn(model.document, day.businessDate),
    rules,
    transforms: { ...model.transforms, ...Object.fromEntries(versions) },
    fixes: [
      ...[...own.values()].map((one) => ({ source: one.source_id, decisionId: one.decision_id })),
      ...(closedBy === null ? [] : [{ source: null, decisionId: closedBy }]),
    ],
  };
}

/** Reads the model of a day's attempt: the version that it pinned, and what was decided for the day. */
export async function loadDayModel(db: Db, day: ModelledDay): Promise<DayModel> {
  return onDay(db, day, await loadModel(db, day.clientId, day.modelVersion));
}
