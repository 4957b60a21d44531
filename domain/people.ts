import type { OperatingModel } from '../schemas/operating-model.ts';

type Team = Pick<OperatingModel, 'people'>;

/** A person's name as it is shown; whoever is not in the document keeps the id. */
export const personName = ({ people }: Team, id: string): string => people.find((one) => one.id === id)?.name ?? id;

/** Whether all of these addresses are of people of the document. */
export function isTeam({ people }: Team, emails: readonly string[]): boolean {
  const team = new Set(people.map((one) => one.email));
  return emails.every((email) => team.has(email));
}
