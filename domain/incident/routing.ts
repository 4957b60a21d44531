import type { Destination, OperatingModel, Person, RoutingRule } from '../../schemas/operating-model.ts';
import { type ExceptionFacts, holds } from '../exception/facts.ts';
import { isPresent } from '../presence.ts';

/** What happens to an incident that the `routing` rules may send on. */
export type IncidentEvent = Extract<RoutingRule['on'], `incident.${string}`>;
/** What a rule may ask of the event itself. */
export type EventFacts = { type: IncidentEvent; severity: string; state: string; owner: string; client: string };

/** Whom an event goes to by the rules, each once. */
export type Routed = { people: readonly Person[]; destinations: readonly Destination[] };

/** Whoever is asked for, or the deputy while that person is away. Undefined for a stranger. */
export function inCharge(model: OperatingModel, owner: string, today: string): Person | undefined {
  const known = (id: string) => model.people.find((one) => one.id === id);
  const person = known(owner);
  if (!person || isPresent(person, today)) return person;
  const { incidents } = model.owners;
  const deputy = incidents.owner === owner ? known(incidents.deputy) : undefined;
  return deputy && isPresent(deputy, today) ? deputy : person;
}

/** A rule about an exception holds where it does for one of the incident's exceptions. */
function applies(rule: RoutingRule, event: EventFacts, exceptions: readonly ExceptionFacts[]): boolean {
  const { when } = rule;
  if (rule.on !== event.type) return false;
  if (when === undefined) return true;
  return [undefined, ...exceptions].some((exception) =>
    holds(when, { event, ...(exception && { exception }) }, 'event'),
  );
}

/** Where an event of an incident goes by the client's `routing` rules; every rule that holds applies. */
export function routesOf(model: OperatingModel, event: EventFacts, exceptions: readonly ExceptionFacts[]): Routed {
  const targets = new Set(model.routing.filter((rule) => applies(rule, event, exceptions)).flatMap((rule) => rule.to));
  const destinations = model.report.destinations.filter((one) => targets.has(one.id));
  const taken = new Set(destinations.map((one) => one.id));
  return { destinations, people: model.people.filter((one) => targets.has(one.id) && !taken.has(one.id)) };
}
