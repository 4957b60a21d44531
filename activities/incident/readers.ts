import type { QuietHours } from '../../domain/exception/quiet-hours.ts';
import type { IncidentNews } from '../../domain/incident/news.ts';
import { type EventFacts, type IncidentEvent, inCharge, routesOf } from '../../domain/incident/routing.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { eventsOf } from '../../infra/postgres/incident/events.ts';
import { noticesOf, releasedTo, toldOfCause } from '../../infra/postgres/incident/notices.ts';
import { exceptionsOf, type IncidentRow, isParent, membersOf } from '../../infra/postgres/incident/rows.ts';
import { factsOf } from '../../infra/postgres/review/exception-facts.ts';
import type { Destination, OperatingModel, Person } from '../../schemas/operating-model.ts';
import { recipientsOf } from '../report/recipients.ts';
import { modelOfDay, todayOf } from './context.ts';

/** Who reads a mail about an incident. What would go to somebody outside the team waits as a draft. */
export type Reader = {
  email: string;
  name: string;
  timezone: string;
  quietHours: QuietHours | undefined;
  isDraft: boolean;
};

const EVENTS: Readonly<Record<IncidentNews, IncidentEvent | null>> = {
  opened: 'incident.opened',
  alert: null,
  acknowledged: 'incident.acknowledged',
  resolved: 'incident.resolved',
};

/** Where news of a client's own incident goes by its `routing` rules. */
export async function routed(db: Db, row: IncidentRow, model: OperatingModel, news: IncidentNews) {
  const type = EVENTS[news];
  if (type === null || isParent(row)) return { people: [], destinations: [] };
  const { severity, state, owner, client_id: client } = row;
  const event: EventFacts = { type, severity, state, owner, client };
  return routesOf(model, event, (await exceptionsOf(db, row.incident_id)).map(factsOf));
}

export function readerOf(model: OperatingModel, email: string): Reader {
  const person = model.people.find((one) => one.email === email);
  const { name, timezone } = person ?? { name: email, timezone: model.client.timezone };
  const quietHours = person?.quietHours ?? model.exceptions.quietHours;
  return { email, name, timezone, quietHours, isDraft: person === undefined };
}

const mailsOf = (model: OperatingModel, destinations: readonly Destination[], today: string): string[] =>
  destinations.flatMap((one) => (one.kind === 'email' && one.mode !== 'shadow' ? recipientsOf(model, one, today) : []));

/**
 * Whoever holds an incident and is there: it may be no person of the model, an engineer in Temporal's own tools say.
 */
export function holderOf(model: OperatingModel, { owner }: Pick<IncidentRow, 'owner'>): Person | undefined {
  const today = todayOf(model);
  return inCharge(model, owner, today) ?? inCharge(model, model.owners.incidents.owner, today);
}

/**
 * Whoever holds the incident hears of everything but what that person has just done; the deputy from the second alert
 * on.
 */
async function inChargeOf(db: Db, model: OperatingModel, row: IncidentRow, news: IncidentNews): Promise<string[]> {
  const own = holderOf(model, row)?.email;
  const deputy = model.people.find((one) => one.id === model.owners.incidents.deputy)?.email;
  if (news === 'alert') return [own, deputy].filter((one) => one !== undefined);
  const ack = news === 'acknowledged' && (await eventsOf(db, row.incident_id)).findLast((one) => one.step === 'ack');
  const isOwnDoing = ack && (ack.actor === row.owner || ack.actor === 'meshline');
  return own === undefined || isOwnDoing ? [] : [own];
}

/** Models by which an incident is told: its client's, or those of all clients that it spans. */
export async function modelsOf(db: Db, row: IncidentRow): Promise<OperatingModel[]> {
  const days = isParent(row) ? await membersOf(db, row.incident_id) : [row];
  return Promise.all(days.map((day) => modelOfDay(db, day)));
}

/**
 * Of one cause somebody hears once that it is open; from then on the incident that spans the clients tells them the
 * rest.
 */
async function heardElsewhere(
  db: Db,
  { parent_id, incident_id }: IncidentRow,
  news: IncidentNews,
): Promise<Set<string>> {
  if (parent_id === null) return new Set();
  if (news === 'opened') return toldOfCause(db, parent_id, incident_id);
  return new Set((await noticesOf(db, parent_id)).map((one) => one.recipient));
}

/** The model whose team somebody is of; the first where none is. */
const teamOf = (models: readonly OperatingModel[], email: string): OperatingModel | undefined =>
  models.find(({ people }) => people.some((one) => one.email === email)) ?? models[0];

/** Whoever was told of it is told that it is over. */
async function toldBefore(db: Db, { incident_id }: IncidentRow, news: IncidentNews): Promise<string[]> {
  const told = news === 'resolved' ? await noticesOf(db, incident_id) : [];
  return told.filter((one) => one.status === 'sent').map((one) => one.recipient);
}

/**
 * Readers outside the team hear of their own client alone, and that it is over only where they know that it was open.
 */
async function withoutStrangers(
  db: Db,
  row: IncidentRow,
  news: IncidentNews,
  readers: readonly Reader[],
): Promise<Reader[]> {
  const knowing = news === 'resolved' ? await releasedTo(db, row.incident_id) : null;
  return readers.filter(({ isDraft, email }) => !isDraft || (!isParent(row) && (knowing?.has(email) ?? true)));
}

/** Who gets a mail with this news of an incident, each address once. */
export async function readersOf(db: Db, row: IncidentRow, news: IncidentNews): Promise<Reader[]> {
  const models = await modelsOf(db, row);
  const not = await heardElsewhere(db, row, news);
  const before = await toldBefore(db, row, news);
  const readers = new Map<string, Reader>();
  for (const model of models) {
    const { people, destinations } = await routed(db, row, model, news);
    const emails = [
      ...(await inChargeOf(db, model, row, news)),
      ...people.map((one) => one.email),
      ...mailsOf(model, destinations, todayOf(model)),
      ...before.filter((email) => teamOf(models, email) === model),
    ];
    for (const email of emails) if (!not.has(email) && !readers.has(email)) readers.set(email, readerOf(model, email));
  }
  return withoutStrangers(db, row, news, [...readers.values()]);
}
