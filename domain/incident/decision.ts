import { INCIDENT_VERBS, type IncidentState, type IncidentVerb } from './states.ts';

/** What a person does about an incident. `reason` is the words of it: how it stands, or the cause where it is resolved. */
export type IncidentInput = {
  decisionId: string;
  verb: IncidentVerb;
  reason: string;
  actor: string;
  onBehalfOf: string | null;
};

/** What became of it: done, or refused with the present state. */
export type IncidentAnswer = { accepted: boolean; state: IncidentState; message: string };

/** The same as it comes by a signal, where nothing has checked it. */
export type SignalledStep = { verb: IncidentVerb; reason: string; identity: string | null };

/** What a text column can hold of a value; null where that is nothing. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : '';
  return text.trim() === '' ? null : text;
}

/** Reads a signal's argument; null where it names no verb. */
export function readIncidentSignal(argument: unknown): SignalledStep | null {
  const { verb, reason, identity } = Object(argument) as Record<string, unknown>;
  const known = INCIDENT_VERBS.find((one) => one === verb);
  if (!known) return null;
  return { verb: known, reason: textOf(reason) ?? 'no reason given', identity: textOf(identity) };
}
