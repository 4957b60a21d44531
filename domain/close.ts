/**
 * Where an attempt begins: at capture; at normalize where records have come by the files of other days; at reconcile
 * where a person has accepted what was captured.
 */
export type BeginsAt = 'capture' | 'normalize' | 'reconcile';
/** `late_data`: an input of a published day has changed; `revise`: a person wants the day as its sources say it now. */
export type CloseCause =
  | 'schedule'
  | 'manual'
  | 'backfill'
  | 'rerun'
  | 'decision'
  | 'recovery'
  | 'late_data'
  | 'revise';

/** What starts an attempt at a client's business day. `actor` is the person or service that asked for it. */
export type CloseInput = {
  clientId: string;
  businessDate: string;
  beginsAt: BeginsAt;
  cause: CloseCause;
  actor: string;
};

/** `running` holds while automatic re-runs remain; `waiting` while an exception is open and a person is asked. */
export type DayStatus =
  | 'published'
  | 'partially_published'
  | 'waiting'
  | 'rejected'
  | 'cancelled'
  | 'failed'
  | 'running';

export type CloseOutcome = { attempt: number; status: DayStatus };

const SETTLED: readonly DayStatus[] = ['published', 'partially_published'];

/** Nothing but a changed input can change what a settled day says. */
export const isSettled = (status: DayStatus): boolean => SETTLED.includes(status);
