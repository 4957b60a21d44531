import { Refusal } from './answer.ts';
import { Failure } from './failure.ts';
import type { Said, Session } from './session.ts';
import { shellWord } from './text.ts';

export type PeriodVerb = 'close' | 'lock' | 'reopen';
type Month = { client: string; month: string };
type Options = Month & { reason?: string; as?: string };

const read = ({ ask }: Session, path: Month) =>
  ask((api) => api.GET('/api/v1/clients/{client}/periods/{month}', { params: { path } }));

const isBlocked = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.problem.type === '/problems/checklist-blocked';

/** The checklist refuses: somebody has to do something first, so this waits for a person. */
async function blocked(session: Session, path: Month, refusal: Refusal): Promise<Failure> {
  return new Failure({
    ...refusal.parts,
    exit: 3,
    next: `See the checklist with \`npx meshline period show --client ${shellWord(path.client)} --month ${path.month}\`.`,
    document: await read(session, path),
  });
}

function send({ ask }: Session, verb: PeriodVerb, path: Month, body: { reason?: string; onBehalfOf?: string }) {
  const sent = { params: { path }, body };
  if (verb === 'close') return ask((api) => api.POST('/api/v1/clients/{client}/periods/{month}/close', sent));
  if (verb === 'lock') return ask((api) => api.POST('/api/v1/clients/{client}/periods/{month}/lock', sent));
  const reasoned = { ...sent, body: { ...body, reason: body.reason ?? '' } };
  return ask((api) => api.POST('/api/v1/clients/{client}/periods/{month}/reopen', reasoned));
}

/** Says something of a month. A reopening that needs another person still is exit 3: it waits for a person. */
export async function sayOfPeriod(
  session: Session,
  verb: PeriodVerb,
  { client, month, reason, as }: Options,
): Promise<Said> {
  const path = { client, month };
  const said = await send(session, verb, path, { reason, onBehalfOf: as }).catch(async (error) => {
    throw isBlocked(error) ? await blocked(session, path, error) : error;
  });
  return {
    document: said,
    people: async () => (await import('./print/periods.ts')).saidText(verb, said),
    exit: said.reopening === null ? 0 : 3,
  };
}
