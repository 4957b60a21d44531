import type { Matter } from '../../../domain/exception/choices.ts';

/**
 * What the owner of an exception is told. Amounts are decimal strings in currency units, instants ISO 8601 with offset.
 */
export interface ExceptionView {
  exceptionId: string;
  /** The state that the reader sees and that a decision binds to. */
  version: number;
  client: { id: string; name: string };
  businessDate: string;
  currency: string;
  currencyDigits: number;
  kind: string;
  /** What it is, which says what a decision does. */
  matter: Matter;
  /** What its month means for it; null where that is nothing. */
  monthNote: string | null;
  metricTitle: string;
  /** One sentence: what was found, where. */
  finding: string;
  /** null where the kind of finding compares nothing (a quarantine, a missing file). */
  comparison: Comparison | null;
  /** Titles of the metrics that wait for this decision. */
  withholds: string[];
  /** What the system has tried by itself, oldest first. */
  tried: { at: string; what: string; outcome: string }[];
  suggestedFixes: { id: string; title: string; effect: string | null }[];
  owner: string;
  escalateTo: string;
  deadline: string;
  /** Why this reader gets it, where that is not plain: who is away, who proposed what. */
  note?: string;
  /** Who reads this mail; instants are printed in this IANA zone. */
  recipient: { name: string; timezone: string };
  consoleUrl: string | null;
}

export interface Comparison {
  control: string;
  ours: string;
  theirs: string;
  difference: string;
  reconcilingItems: { cause: string; amount: string; records: number }[];
  /** What no reconciling item explains. */
  unreconciled: string;
}

/** Why a question comes to this reader. */
export type QuestionKind = 'asked' | 'handed_over' | 'second' | 'deputy' | 'reminder';

/** While the system tries by itself. */
export interface HealingView extends ExceptionView {
  /** How often the day is closed anew, where each time begins, and when the last one comes. */
  rerun: { attempts: number; from: 'capture' | 'normalize'; lastAt: string };
}

export interface EndedView extends ExceptionView {
  state: 'resolved' | 'rejected';
  /** One sentence: how it ended, and by whom. */
  outcome: string;
}

export interface DeadlinePassedView extends ExceptionView {
  /** null when the client's rules open no incident for it. */
  incident: { id: string; severity: 'minor' | 'major' | 'critical' } | null;
}
