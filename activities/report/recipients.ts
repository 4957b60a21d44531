import { isPresent } from '../../domain/presence.ts';
import type { EmailDestination, MessageDestination, OperatingModel, Person } from '../../schemas/operating-model.ts';

/** Who stands in for a person who is away: the deputy of the report, where the person owns it. */
function standIn(model: OperatingModel, person: Person, today: string): Person | undefined {
  const ownership = model.owners.reports[model.report.id] ?? model.owners.reports['*'];
  if (ownership?.owner !== person.id) return undefined;
  return model.people.find((one) => one.id === ownership.deputy && isPresent(one, today));
}

/**
 * Addresses of a destination, each once: people by id who are with the team and not away on `today`, and anyone else by
 * address unless the destination is internal.
 */
export function recipientsOf(model: OperatingModel, { to, mode }: EmailDestination, today: string): string[] {
  const addresses = to.flatMap((one) => {
    const person = model.people.find((known) => known.id === one);
    if (!person) return mode === 'internal' ? [] : [one];
    const reader = isPresent(person, today) ? person : standIn(model, person, today);
    return reader ? [reader.email] : [];
  });
  return [...new Set(addresses)];
}

/** Who is told by a destination: people by their addresses, a system by its destination. */
export const readersOf = (model: OperatingModel, to: MessageDestination, today: string): string[] =>
  to.kind === 'email' ? recipientsOf(model, to, today) : [to.id];
