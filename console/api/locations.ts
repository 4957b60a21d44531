import { dirname, sep } from 'node:path';
import type { Db } from '../../infra/postgres/connect.ts';
import { findVersion } from '../../infra/postgres/read/clients.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Caller } from './caller.ts';
import { Problem } from './problem.ts';

type Located = Pick<OperatingModel, 'sources' | 'controls' | 'report'>;

const locationsOf = ({ sources, controls, report }: Located): string[] => [
  ...sources.map(({ options }) => options.location),
  ...controls.flatMap((control) => (control.connector === 'file' ? [control.options.location] : [])),
  ...report.destinations.flatMap((one) => (one.kind === 'export' ? [one.location] : [])),
];

const isBelow = (location: string, folder: string): boolean => location.startsWith(`${folder}${sep}`);

/**
 * A token that is limited to clients may read and write for them only what lies in folders that they use already: a
 * document that points elsewhere could show another client's files, or lie among them. Throws a 403 with the places.
 */
export async function assertLocations(tx: Db, caller: Caller, draft: OperatingModel): Promise<void> {
  if (caller.clients === null) return;
  const inForce = await findVersion(tx, draft.client.id, null);
  const folders = inForce ? locationsOf(inForce.document as unknown as Located).map((one) => dirname(one)) : [];
  const foreign = locationsOf(draft).filter((one) => !folders.some((folder) => isBelow(one, folder)));
  if (foreign.length === 0) return;
  const detail = `The token is limited to ${caller.clients.join(', ')}, and the document reads or writes in folders that ${draft.client.id} does not use yet: ${foreign.join(', ')}. Ask an owner of all clients to apply it.`;
  throw new Problem(403, 'foreign-location', 'Not allowed', detail);
}
