/** States of an exception. `healing`: the system tries first; `deciding`: an attempt carries a decision out. */
export type ExceptionState = 'healing' | 'awaiting_decision' | 'overdue' | 'deciding' | 'resolved' | 'rejected';

const VERBS = ['approve', 'reject', 'rerun'] as const;
export type Verb = (typeof VERBS)[number];

/** A person's decision, bound to the version of the exception that the person saw. */
export type DecideInput = {
  decisionId: string;
  expectedVersion: number;
  verb: Verb;
  args: Record<string, unknown>;
  reason: string;
  actor: string;
  onBehalfOf: string | null;
};

/** What became of a decision: taken, or refused with the present state. */
export type DecideAnswer = { accepted: boolean; state: ExceptionState; version: number; message: string };

type Seen = { state: ExceptionState; version: number };

export const hasEnded = (state: ExceptionState): boolean => state === 'resolved' || state === 'rejected';

/** Why a decision cannot be taken in this state, or null. Rights are not looked at here: the API has checked them. */
export function refusal(present: Seen, expectedVersion: number): string | null {
  if (hasEnded(present.state)) return `The exception is ${present.state}; there is nothing to decide.`;
  if (present.state === 'deciding') return 'A decision is being carried out. Wait for its attempt to end.';
  if (expectedVersion === present.version) return null;
  return `You saw version ${expectedVersion}, the exception is now at version ${present.version}. Look at it again and decide anew.`;
}

/** The state that a decision leads to, until its attempt ends. */
export const stateAfter = (verb: Verb): ExceptionState => (verb === 'reject' ? 'rejected' : 'deciding');

/** A decision as it comes by a signal, where nothing has checked it. `version` is what the person saw, if known. */
export type SignalledDecision = { verb: Verb; reason: string; version: number | null; identity: string | null };

/** What a text column can hold of a value; null where that is nothing. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : '';
  return text.trim() === '' ? null : text;
}

/** Reads a signal's argument; null where it names no verb. Everything else may be left out. */
export function readSignal(argument: unknown): SignalledDecision | null {
  const { verb, reason, version, identity } = Object(argument) as Record<string, unknown>;
  const known = VERBS.find((one) => one === verb);
  if (!known) return null;
  return {
    verb: known,
    reason: textOf(reason) ?? 'no reason given',
    version: typeof version === 'number' ? version : null,
    identity: textOf(identity),
  };
}
