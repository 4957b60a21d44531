import { isLocked, type PeriodState } from '../period/table.ts';
import type { Verb } from './table.ts';

/** What an exception is about, as far as the same decision does something else to it. */
export const MATTERS = ['finding', 'source', 'handoff', 'revision', 'locked'] as const;
export type Matter = (typeof MATTERS)[number];
/** What a person can decide, and what comes of it. */
export type Choice = { title: string; effect: string };
export type ChoiceVerb = Extract<Verb, 'approve' | 'rerun' | 'claim' | 'reject'>;

export type MatterWords = Readonly<Record<Exclude<ChoiceVerb, 'claim'>, Choice>> & {
  /** What its metrics wait for; null where none does. */
  waits: string | null;
  /** What comes after its end. */
  after: Readonly<Record<'resolved' | 'rejected', string>>;
};

const RERUN: Choice = {
  title: 'Run it anew',
  effect: 'the sources are captured again and the day is closed on what they say then.',
};
const REJECT_DAY: Choice = {
  title: 'Reject the day',
  effect: 'nothing of it is published until someone runs it anew.',
};
const AFTER_DAY: MatterWords['after'] = {
  resolved: 'What was withheld for it goes out with the day. There is nothing left for you to do.',
  rejected: 'Nothing of the day goes out until someone runs it anew.',
};
const KEPT = 'the numbers are kept as they were published';

const WORDS: Readonly<Record<Matter, MatterWords>> = {
  finding: {
    approve: {
      title: 'Accept the difference',
      effect: 'the day is published over it, with the certificate qualified.',
    },
    rerun: RERUN,
    reject: REJECT_DAY,
    waits: 'Withheld until then',
    after: AFTER_DAY,
  },
  source: {
    approve: {
      title: 'Accept it as it is',
      effect: 'the day is published on what is there, with the certificate qualified.',
    },
    rerun: RERUN,
    reject: REJECT_DAY,
    waits: 'Withheld until then',
    after: AFTER_DAY,
  },
  handoff: {
    approve: {
      title: 'Accept that it is not delivered',
      effect: 'a mail is tried once more; what still fails is owed no more. No number changes.',
    },
    rerun: {
      title: 'Run it anew',
      effect: 'the day is closed again and delivered. No number changes where no input has.',
    },
    reject: {
      title: 'Let it rest, undelivered',
      effect: 'it is owed no more and not tried again. The day stays what its numbers say.',
    },
    waits: null,
    after: {
      resolved: 'There is nothing left for you to do.',
      rejected: 'It is owed no more. The day stays what its numbers say.',
    },
  },
  revision: {
    approve: {
      title: 'Accept the change',
      effect: 'the next version is published, with the certificate that its controls give it.',
    },
    rerun: RERUN,
    reject: { title: 'Reject the change', effect: `${KEPT}.` },
    waits: 'As they were published until then',
    after: {
      resolved: 'No number of the day waits for it any more. There is nothing left for you to do.',
      rejected: `The change is rejected: ${KEPT}.`,
    },
  },
  locked: {
    approve: {
      title: 'Accept the difference',
      effect: 'what has changed is posted to the first open month as a prior-period adjustment; the numbers stand.',
    },
    rerun: RERUN,
    reject: {
      title: 'Reject the day',
      effect: 'nothing of it is posted until someone runs it anew; the numbers stand.',
    },
    waits: 'Not posted to an open month until then',
    after: {
      resolved:
        'Whatever has changed is posted to an open month; the numbers stand. There is nothing left for you to do.',
      rejected: 'Nothing of the day is posted until someone runs it anew; the numbers stand.',
    },
  },
};
const CLAIM: Choice = {
  title: 'Claim it',
  effect: 'reminders and the deadline stop for a while; everyone sees that you are on it.',
};

/** In a locked month whatever is found is about what is posted; that a report did not arrive is so in any month. */
export function matterOf(kind: string, month: PeriodState): Matter {
  if (kind === 'handoff') return kind;
  if (isLocked(month)) return 'locked';
  return kind === 'revision' || kind === 'source' ? kind : 'finding';
}

export const wordsOf = (matter: Matter): MatterWords => WORDS[matter];

/** What a person can decide, in the order in which it is offered. */
export const choicesOf = (matter: Matter): (Choice & { verb: ChoiceVerb })[] => {
  const { approve, rerun, reject } = WORDS[matter];
  return Object.entries({ approve, rerun, claim: CLAIM, reject }).map(([verb, choice]) => ({
    verb: verb as ChoiceVerb,
    ...choice,
  }));
};

/** What the reader must know of the day's month; null where it is open, or where it makes no difference. */
export function monthNote(matter: Matter, month: string, state: PeriodState): string | null {
  if (matter === 'handoff' || state === 'open') return null;
  return isLocked(state)
    ? `${month} is locked: its published numbers stand, and what comes late is posted to the first open month.`
    : `${month} is soft-closed: nothing in it is revised by itself. Where a number changes, the month is closed anew before it can be locked.`;
}
