import { randomUUID } from 'node:crypto';
import { Refusal } from './answer.ts';
import type { ExceptionDocument } from './documents.ts';
import { Failure } from './failure.ts';
import type { Said, Session } from './session.ts';
import { shellWord, words } from './text.ts';

export type Verb = 'approve' | 'reject' | 'rerun' | 'apply_fix' | 'claim' | 'reassign' | 'comment';
type Options = { reason: string; as?: string; version?: number; to?: string; fix?: string };

/** What the exception is now; its fixes as they were tried last, for none is looked at here. */
const read = ({ ask }: Session, id: string) =>
  ask((api) => api.GET('/api/v1/exceptions/{id}', { params: { path: { id }, query: { fixes: 'kept' } } }));

/** A rejected day is opened again by closing it anew; anything else is looked at first. */
function nextAfter({ id, client, businessDate, state }: ExceptionDocument): string {
  const show = `\`npx meshline exceptions show ${shellWord(id)}\``;
  if (state !== 'rejected') return `Look at it with ${show} and decide anew.`;
  return `Close the day anew with \`npx meshline close run --client ${shellWord(client)} --date ${businessDate}\`; see why it was rejected with ${show}.`;
}

/** Too late: what a script and a person need now is the present state of the exception. */
async function tooLate(session: Session, id: string, refusal: Refusal): Promise<Failure> {
  const present = await read(session, id);
  return new Failure({
    ...refusal.parts,
    where: `exception ${id}, now ${words(present.state)} at version ${present.version}`,
    next: nextAfter(present),
    document: present,
  });
}

const TRIES = 3;

const isUnanswered = (error: unknown): boolean =>
  error instanceof Refusal && error.problem.type === '/problems/decision-unanswered';

/** Sends a decision that nobody has answered again: under its own id it is taken once. */
async function untilAnswered<T>(send: () => Promise<T>, tries = TRIES): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isUnanswered(error) || tries === 1) throw error;
    return untilAnswered(send, tries - 1);
  }
}

/** One decision: its id is new with each invocation, so that a retry of the request is the same decision. */
export async function decide(session: Session, verb: Verb, id: string, options: Options): Promise<Said> {
  const expectedVersion = options.version ?? (await read(session, id)).version;
  const { to, fix } = options;
  const args = to === undefined && fix === undefined ? undefined : { to, fix };
  const body = {
    decisionId: randomUUID(),
    verb,
    args,
    reason: options.reason,
    expectedVersion,
    onBehalfOf: options.as,
  };
  const sent = { params: { path: { id } }, body };
  const decided = await untilAnswered(() =>
    session.ask((api) => api.POST('/api/v1/exceptions/{id}/decisions', sent)),
  ).catch(async (error) => {
    throw error instanceof Refusal && error.status === 409 ? await tooLate(session, id, error) : error;
  });
  return {
    document: decided,
    people: async () => (await import('./print/exceptions.ts')).decidedText(verb, decided),
  };
}
