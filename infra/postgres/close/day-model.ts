import { sql } from 'kysely';
import type { TransformRule } from '../../../domain/normalize/rule.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import { loadModel, type PinnedModel, transformRule } from '../model.ts';
import { transformOf } from '../read/certified-records.ts';
import { type StandingPin, standingPins } from '../remediation/standing-pins.ts';

/** The pinned operating model with what people decided for one business day alone. */
export type DayModel = PinnedModel & {
  rules: Readonly<Record<string, TransformRule>>;
  /** The decisions behind what is the day's own, oldest first: by source, or that it was a day without trade. */
  fixes: readonly { source: string | null; decisionIds: readonly string[] }[];
};
export type ModelledDay = { clientId: string; businessDate: string; modelVersion: number };
type Day = Pick<ModelledDay, 'clientId' | 'businessDate'>;

/** What has a day's sources read otherwise than by the operating model, by source and oldest first. */
async function ownTransforms(db: Db, day: Day): Promise<Map<string, StandingPin[]>> {
  const { rows } = await standingPins(day).execute(db);
  return Map.groupBy(rows, (row) => row.source_id);
}

/** The decision that declared the day one without trade; null where none did. */
async function declaredClosedBy(db: Db, { clientId, businessDate }: Day): Promise<string | null> {
  const { rows } = await sql<{ decision_id: string }>`
    select decision_id from declared_closed_day where client_id = ${clientId} and business_date = ${businessDate}`.execute(
    db,
  );
  return rows[0]?.decision_id ?? null;
}

/** A fix that was laid over another transform stands twice. */
const decisionsOf = (pins: readonly StandingPin[]): string[] => [...new Set(pins.map((one) => one.decision_id))];

const closedOn = (model: OperatingModel, date: string): OperatingModel => ({
  ...model,
  calendar: { ...model.calendar, closedDates: [...model.calendar.closedDates, date] },
});

/** A model, or a draft of one, as it is used on a day. */
export async function onDay(db: Db, day: Day, model: PinnedModel): Promise<DayModel> {
  const own = await ownTransforms(db, day);
  const rules: Record<string, TransformRule> = {};
  for (const source of model.document.sources) {
    const version = own.get(source.id)?.at(-1)?.transform_version;
    rules[source.id] =
      version === undefined
        ? transformRule(model.document, source)
        : await transformOf(db, day.clientId, source.id, version);
  }
  const closedBy = await declaredClosedBy(db, day);
  const versions = [...own].map(([source, pins]) => [source, pins.at(-1)!.transform_version]);
  return {
    ...model,
    document: closedBy === null ? model.document : closedOn(model.document, day.businessDate),
    rules,
    transforms: { ...model.transforms, ...Object.fromEntries(versions) },
    fixes: [
      ...[...own].map(([source, pins]) => ({ source, decisionIds: decisionsOf(pins) })),
      ...(closedBy === null ? [] : [{ source: null, decisionIds: [closedBy] }]),
    ],
  };
}

/** Reads the model of a day's attempt: the version that it pinned, and what was decided for the day. */
export async function loadDayModel(db: Db, day: ModelledDay): Promise<DayModel> {
  return onDay(db, day, await loadModel(db, day.clientId, day.modelVersion));
}
