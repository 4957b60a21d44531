import { hasLeft, isAway } from '../../domain/exception/presence.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type IncidentRow, isParent, membersOf } from '../../infra/postgres/incident/rows.ts';
import type { Person } from '../../schemas/operating-model.ts';
import { modelOfDay } from './context.ts';
import type { StepToRecord } from './record-decision.ts';

/** Somebody by the operating model of what the incident is about; undefined for whoever no model knows. */
async function personOf(tx: Tx, row: IncidentRow, id: string): Promise<Person | undefined> {
  for (const day of isParent(row) ? await membersOf(tx, row.incident_id) : [row]) {
    const person = (await modelOfDay(tx, day)).people.find((one) => one.id === id);
    if (person) return person;
  }
  return undefined;
}

/** Whom it is acknowledged for, if that is somebody of the team. */
export async function receiverOf(
  tx: Tx,
  row: IncidentRow,
  { verb, onBehalfOf }: StepToRecord,
): Promise<Person | undefined> {
  return verb === 'ack' && onBehalfOf ? personOf(tx, row, onBehalfOf) : undefined;
}

/** Why somebody cannot take a step, or null: who has left says no more than how it stands, and who is away holds nothing. */
export async function absenceRefusal(tx: Tx, row: IncidentRow, input: StepToRecord): Promise<string | null> {
  const { verb, actor } = input;
  if (verb === 'update') return null;
  const nowMs = Date.now();
  const person = await personOf(tx, row, actor);
  if (person && hasLeft(person, nowMs))
    return `${actor} left on ${person.until} and sees no incident through any more. Whoever is there must do it.`;
  const receiver = await receiverOf(tx, row, input);
  const holder = receiver ?? person;
  // Nobody would see it through, and the alerts would end.
  if (verb !== 'ack' || !holder || !isAway(holder, nowMs)) return null;
  return `${holder.id} is away now. Hand it to somebody who is there.`;
}
