import { EXCEPTION_STATES } from '../../schemas/states.ts';

export type ExceptionState = (typeof EXCEPTION_STATES)[number];

/** What people say of an exception. */
export const VERBS = ['approve', 'reject', 'rerun', 'apply_fix', 'claim', 'reassign', 'comment'] as const;
export type Verb = (typeof VERBS)[number];

/** What comes of a verb by the rules, and what the system and its attempts do. */
export const EVENTS = [
  'propose',
  'keep',
  'ask',
  'pass_deadline',
  'find_again',
  'find_other',
  'find_no_more',
  'give_back',
] as const;
export type ExceptionEvent = Verb | (typeof EVENTS)[number];

type Moves = Readonly<Partial<Record<ExceptionState, ExceptionState>>>;
type Row = { moves: Moves };
export type VerbRow = Row & {
  /** The least role that may say it. */
  role: 'operator' | 'owner';
  /** It holds for the version that the person saw, and makes a new one. */
  binds: boolean;
  /** It takes the difference into the numbers: where the model asks for maker-checker, two people must say it. */
  releases: boolean;
  /** What it needs beside a reason. */
  needs: 'fix' | 'to' | null;
  /** What somebody did who said it. */
  did: string;
};

const WAITING = ['healing', 'awaiting_decision', 'awaiting_second', 'overdue'] as const;
const from = (states: readonly ExceptionState[], to: ExceptionState): Moves =>
  Object.fromEntries(states.map((state) => [state, to]));
const stay = (states: readonly ExceptionState[]): Moves => Object.fromEntries(states.map((state) => [state, state]));

const person = (row: Omit<VerbRow, 'role' | 'needs'> & Partial<VerbRow>): VerbRow => ({
  role: 'operator',
  needs: null,
  ...row,
});

const VERB_ROWS: Readonly<Record<Verb, VerbRow>> = {
  approve: person({
    moves: from(WAITING, 'deciding'),
    binds: true,
    releases: true,
    did: 'accepted the difference',
  }),
  apply_fix: person({
    moves: from(WAITING, 'deciding'),
    binds: true,
    releases: true,
    needs: 'fix',
    did: 'applied a fix',
  }),
  rerun: person({ moves: from(WAITING, 'deciding'), binds: true, releases: false, did: 'ran the day anew' }),
  reject: person({ moves: from(WAITING, 'rejected'), binds: true, releases: false, did: 'rejected it' }),
  claim: person({ moves: stay(WAITING), binds: false, releases: false, did: 'claimed it' }),
  reassign: person({
    // A new owner has a new deadline, also where the old one has passed.
    moves: { ...stay(WAITING), overdue: 'awaiting_decision' },
    binds: true,
    releases: false,
    needs: 'to',
    did: 'gave it to somebody else',
  }),
  comment: person({ moves: stay(EXCEPTION_STATES), binds: false, releases: false, did: 'commented' }),
};

const EVENT_ROWS: Readonly<Record<(typeof EVENTS)[number], Row>> = {
  // `approve` or `apply_fix` where a second person must agree.
  propose: { moves: from(WAITING, 'awaiting_second') },
  // `reject` of a change to what is published: an attempt certifies that it is kept.
  keep: { moves: from(WAITING, 'deciding') },
  ask: {
    moves: {
      healing: 'awaiting_decision',
      awaiting_decision: 'awaiting_decision',
      awaiting_second: 'awaiting_second',
    },
  },
  pass_deadline: { moves: from(['awaiting_decision', 'awaiting_second'], 'overdue') },
  // An attempt found the same cause: with the same input and difference, or with others.
  find_again: {
    moves: { ...stay(WAITING), deciding: 'awaiting_decision', resolved: 'healing', rejected: 'healing' },
  },
  find_other: {
    moves: {
      ...stay(WAITING),
      // What was proposed was about something else.
      awaiting_second: 'awaiting_decision',
      deciding: 'awaiting_decision',
      resolved: 'healing',
      rejected: 'healing',
    },
  },
  find_no_more: { moves: from([...WAITING, 'deciding', 'rejected'], 'resolved') },
  // The attempt that was to carry a decision out failed or was cancelled.
  give_back: { moves: { deciding: 'awaiting_decision' } },
};

/** Everything that can happen to an exception, and what it becomes by it: what stands nowhere here cannot happen. */
export const EXCEPTION_TABLE: Readonly<Record<ExceptionEvent, Row>> = { ...VERB_ROWS, ...EVENT_ROWS };

const REJECTED: Readonly<Record<string, 'change' | 'delivery'>> = { revision: 'change', handoff: 'delivery' };

/**
 * What `reject` rejects: of a revision the change, so that the number is kept as it was published; of a hand-off that it
 * is delivered, whatever its day is; of anything else the day.
 */
export const rejectedOf = (kind: string): 'day' | 'change' | 'delivery' => REJECTED[kind] ?? 'day';

export const keepsNumber = (verb: Verb, kind: string): boolean => verb === 'reject' && rejectedOf(kind) === 'change';

export const verbRow = (verb: Verb): VerbRow => VERB_ROWS[verb];

/** The state that an event leads to; undefined where it cannot happen. */
export const stateAfter = (state: ExceptionState, event: ExceptionEvent): ExceptionState | undefined =>
  EXCEPTION_TABLE[event].moves[state];

/** The states in which an event can happen. */
export const statesThatTake = (event: ExceptionEvent): readonly ExceptionState[] =>
  EXCEPTION_STATES.filter((state) => stateAfter(state, event) !== undefined);

/** Nothing can be decided any more, until its cause is found again. */
export const ENDED_STATES: readonly ExceptionState[] = ['resolved', 'rejected'];

export const hasEnded = (state: ExceptionState): boolean => ENDED_STATES.includes(state);
