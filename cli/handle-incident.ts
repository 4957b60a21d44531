import { randomUUID } from 'node:crypto';
import type { Said, Session } from './session.ts';

export type IncidentVerb = 'ack' | 'update' | 'resolve';

/** One step: its id is new with each invocation, so that a retry of the request is the same step. */
export async function handleIncident(
  session: Session,
  verb: IncidentVerb,
  id: string,
  { reason, as }: { reason: string; as?: string },
): Promise<Said> {
  const body = { decisionId: randomUUID(), verb, reason, onBehalfOf: as };
  const sent = { params: { path: { id } }, body };
  const handled = await session.ask((api) => api.POST('/api/v1/incidents/{id}/decisions', sent));
  return {
    document: handled,
    people: async () => (await import('./print/incidents.ts')).handledText(verb, handled),
  };
}
