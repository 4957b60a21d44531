export type { ExceptionState, Verb } from './table.ts';

import { type ExceptionState, hasEnded, stateAfter, VERBS, type Verb, verbRow } from './table.ts';

/** What a verb is about beside the exception: the fix to apply, or the person who gets it. */
export type DecisionArgs = { fix?: string; to?: string };

/** A person's decision, bound to the version of the exception that the person saw. */
export type DecideInput = {
  decisionId: string;
  expectedVersion: number;
  verb: Verb;
  args: DecisionArgs;
  reason: string;
  actor: string;
  onBehalfOf: string | null;
  /** The token belongs to a service; absent in decisions that were sent before it was told. */
  service?: boolean;
};

/** What became of a decision: taken, or refused with the present state. */
export type DecideAnswer = {
  accepted: boolean;
  state: ExceptionState;
  version: number;
  message: string;
  /** The state allows it, but not to this person: another one must decide. */
  needsAnother?: true;
};

/** The last decision that changed an exception's version: whoever comes after it is told of it. */
export type LastDecision = { verb: Verb; actor: string; reason: string };

/** An exception as a decision meets it. `last` is absent where nobody has decided, or where it is not known. */
export type Seen = { state: ExceptionState; version: number; last?: LastDecision | null };

/** "ann accepted the difference: the gateway was down." */
export const didWords = ({ actor, verb, reason }: LastDecision): string =>
  `${actor} ${verbRow(verb).did}: ${reason.replace(/\.?$/, '.')}`;

const lastWords = ({ last }: Seen): string => (last ? ` ${didWords(last)}` : '');

/** What a decision does not say that it must, or null. */
export function missingArgument({ verb, args }: Pick<DecideInput, 'verb' | 'args'>): string | null {
  const { needs } = verbRow(verb);
  if (needs === null || args[needs]) return null;
  return needs === 'fix' ? 'Name the fix to apply.' : 'Name the person who is to have it.';
}

/**
 * Why a decision cannot be taken in this state, or null; it names who decided what before. Rights are not looked at
 * here: the API has checked them.
 */
export function refusal(present: Seen, input: Pick<DecideInput, 'verb' | 'args' | 'expectedVersion'>): string | null {
  const { state, version } = present;
  if (stateAfter(state, input.verb) === undefined && hasEnded(state))
    return `The exception is ${state}; there is nothing to decide.${lastWords(present)}`;
  if (stateAfter(state, input.verb) === undefined)
    return `A decision is being carried out; wait for its attempt to end.${lastWords(present)}`;
  if (verbRow(input.verb).binds && input.expectedVersion !== version)
    return `You saw version ${input.expectedVersion}, the exception is now at version ${version}.${lastWords(present)} Look at it again and decide anew.`;
  return missingArgument(input);
}

/** A decision as it comes by a signal, where nothing has checked it. `version` is what the person saw, if known. */
export type SignalledDecision = {
  verb: Verb;
  reason: string;
  version: number | null;
  identity: string | null;
  args: DecisionArgs;
};

/** What a text column can hold of a value; null where that is nothing. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : '';
  return text.trim() === '' ? null : text;
}

function argsOf(value: unknown): DecisionArgs {
  const { fix, to } = Object(value) as Record<string, unknown>;
  const read = { fix: textOf(fix), to: textOf(to) };
  return Object.fromEntries(Object.entries(read).filter(([, text]) => text !== null));
}

/** Reads a signal's argument; null where it names no verb. Everything else may be left out. */
export function readSignal(argument: unknown): SignalledDecision | null {
  const { verb, reason, version, identity, args } = Object(argument) as Record<string, unknown>;
  const known = VERBS.find((one) => one === verb);
  if (!known) return null;
  return {
    verb: known,
    reason: textOf(reason) ?? 'no reason given',
    version: typeof version === 'number' ? version : null,
    identity: textOf(identity),
    args: argsOf(args),
  };
}
