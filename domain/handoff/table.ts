import { type HANDOFF_KINDS, HANDOFF_STATES } from '../../schemas/states.ts';

export type HandoffState = (typeof HANDOFF_STATES)[number];

export type HandoffKind = (typeof HANDOFF_KINDS)[number];

export const HANDOFF_EVENTS = [
  'deliver',
  'deliver_late',
  'acknowledge',
  'answer',
  'refuse',
  'miss',
  'forgive',
] as const;
export type HandoffEvent = (typeof HANDOFF_EVENTS)[number];

/** Who makes it happen: the one who hands over, the one who takes, or Meshline, which stands between them. */
export type HandoffParty = 'sender' | 'receiver' | 'meshline';
type Row = { by: HandoffParty; moves: Readonly<Partial<Record<HandoffState, HandoffState>>> };

const from = (states: readonly HandoffState[], to: HandoffState): Row['moves'] =>
  Object.fromEntries(states.map((state) => [state, to]));
const UNDELIVERED = ['pending', 'refused', 'missed', 'forgiven'] as const;

/** Everything that can happen to a hand-off, and what it becomes by it: what stands nowhere here cannot happen. */
export const HANDOFF_TABLE: Readonly<Record<HandoffEvent, Row>> = {
  deliver: { by: 'sender', moves: from(UNDELIVERED, 'delivered') },
  deliver_late: { by: 'sender', moves: { ...from(UNDELIVERED, 'late'), forgiven: 'delivered' } },
  acknowledge: { by: 'receiver', moves: from(['delivered', 'late'], 'acknowledged') },
  // A person answers without anything being delivered first, also when it is late.
  answer: { by: 'receiver', moves: from(['pending', 'missed'], 'acknowledged') },
  // A later version of a report may break its schema, or not go out, after an earlier one was taken.
  refuse: { by: 'meshline', moves: from(['pending', 'delivered', 'late', 'acknowledged', 'missed'], 'refused') },
  miss: { by: 'meshline', moves: from(['pending', 'delivered', 'late', 'acknowledged', 'refused'], 'missed') },
  forgive: { by: 'meshline', moves: from(['pending', 'missed', 'refused'], 'forgiven') },
};

/** The state that an event leads to; undefined where it cannot happen. */
export const handoffAfter = (state: HandoffState, event: HandoffEvent): HandoffState | undefined =>
  HANDOFF_TABLE[event].moves[state];

/** The states in which an event can happen. */
export const handoffStatesThatTake = (event: HandoffEvent): readonly HandoffState[] =>
  HANDOFF_STATES.filter((state) => handoffAfter(state, event) !== undefined);
