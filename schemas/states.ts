/**
 * States of an exception. `healing`: the system tries first; `awaiting_second`: one person has accepted, and another
 * must; `deciding`: an attempt carries a decision out.
 */
export const EXCEPTION_STATES = [
  'healing',
  'awaiting_decision',
  'awaiting_second',
  'overdue',
  'deciding',
  'resolved',
  'rejected',
] as const;

/**
 * States of a hand-off. `late`: delivered after its deadline; `refused`: its payload breaks its schema and never went
 * out; `forgiven`: nobody has to deliver or answer any more.
 */
export const HANDOFF_STATES = [
  'pending',
  'delivered',
  'late',
  'acknowledged',
  'refused',
  'missed',
  'forgiven',
] as const;
/** What is handed over: a source's file to the close, the report to a destination, an exception to a person. */
export const HANDOFF_KINDS = ['source', 'destination', 'person'] as const;

/**
 * States of a delivery. `stored`: in shadow, never sent. `draft`: waits for its release. `pending`: to be sent.
 * `sending`: handed to a receiver that is to get it at most once, and not heard of since. `uncertain`: nobody knows
 * whether such a receiver got it. `superseded`: a later version of the report took the draft's place.
 */
export const DELIVERY_STATES = [
  'stored',
  'draft',
  'pending',
  'sending',
  'sent',
  'failed',
  'uncertain',
  'superseded',
] as const;
/** `event`: news of a single thing, by the routing rules. */
export const DELIVERY_KINDS = ['report', 'correction', 'event'] as const;
