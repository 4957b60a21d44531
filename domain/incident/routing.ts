import type { Destination, EventType, OperatingModel, Person } from '../../schemas/operating-model.ts';
import type { ExceptionFacts } from '../exception/facts.ts';
import { isPresent } from '../presence.ts';
import { compileRules } from '../routing/route.ts';

/** What happens to an incident that the `routing` rules may send on. */
export type IncidentEvent = Extract<EventType, `incident.${string}`>;
/** What a rule may ask of the event itself. */
export type EventFacts = { type: IncidentEvent; severity: string; state: string; owner: string; client: string };

/** Whom an event goes to by the rules, each once. */
export type Routed = { people: readonly Person[]; destinations: readonly Destination[] };

/**
 * Whoever is asked for; while that person is away, or has left, the incident owner, else the deputy. Undefined for a
 * stranger.
 */
export function inCharge({ people, owners }: OperatingModel, owner: string, today: string): Person | undefined {
  const known = (id: string) => people.find((one) => one.id === id);
  const person = known(owner);
  if (!person) return undefined;
  const chain = [person, known(owners.incidents.owner), known(owners.incidents.deputy)];
  return chain.find((one) => one && isPresent(one, today)) ?? person;
}

/** Where an event of an incident goes by the client's `routing` rules. */
export function routesOf(model: OperatingModel, event: EventFacts, exceptions: readonly ExceptionFacts[]): Routed {
  const { applying } = compileRules(model)(event.type, { event, exceptions });
  const targets = new Set(applying.flatMap((rule) => rule.to));
  const destinations = model.report.destinations.filter((one) => targets.has(one.id));
  const taken = new Set(destinations.map((one) => one.id));
  return { destinations, people: model.people.filter((one) => targets.has(one.id) && !taken.has(one.id)) };
}
