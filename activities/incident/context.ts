import { businessDate } from '../../domain/business-day.ts';
import { inCharge } from '../../domain/incident/routing.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

type Day = { client_id: string; business_date: string | null };

/** The operating model that holds on an incident's day, as it is now: people change while an incident is open. */
export async function modelOfDay(db: Db, { client_id, business_date }: Day): Promise<OperatingModel> {
  const version = business_date === null ? undefined : await effectiveVersion(db, client_id, business_date);
  if (version === undefined) throw new Error(`no operating model of ${client_id} holds on ${business_date}`);
  return (await loadModel(db, client_id, version)).document;
}

/** Today by the clock of a client, for who is there and who is away. */
export const todayOf = ({ client }: OperatingModel): string => businessDate(Date.now(), client.timezone);

/** Whom an incident begins with: the incident owner, or the deputy while that person is away. */
export const firstOwner = (model: OperatingModel): string =>
  inCharge(model, model.owners.incidents.owner, todayOf(model))?.id ?? model.owners.incidents.owner;
