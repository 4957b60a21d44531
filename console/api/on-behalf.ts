import type { Tx } from '../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import { unprocessable } from './problem.ts';

type Day = { client_id: string; business_date: string | null };

/** The people of the operating model that holds on a day. */
async function peopleOn(tx: Tx, { client_id, business_date }: Day): Promise<string[]> {
  const version = business_date === null ? undefined : await effectiveVersion(tx, client_id, business_date);
  if (version === undefined) return [];
  return (await loadModel(tx, client_id, version)).document.people.map(({ id }) => id);
}

/** Throws a 422 where something is said for somebody who is in none of the models of the days that it is about. */
export async function requirePerson(tx: Tx, days: readonly Day[], onBehalfOf: string | null = null): Promise<void> {
  if (onBehalfOf === null) return;
  const people = new Set<string>();
  for (const day of days) for (const id of await peopleOn(tx, day)) people.add(id);
  if (people.has(onBehalfOf)) return;
  const detail = `${onBehalfOf} is not among the people of the model: ${[...people].join(', ')}.`;
  throw unprocessable('unknown-person', 'Nobody is called so', detail);
}
