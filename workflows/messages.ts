import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

export const TASK_QUEUE = 'meshline';

/** Where an attempt begins: at capture, or at reconcile where a person has accepted what was captured. */
export type BeginsAt = 'capture' | 'reconcile';
export type CloseCause = 'schedule' | 'manual' | 'backfill' | 'rerun' | 'decision';
export type CloseInput = {
  clientId: string;
  businessDate: string;
  beginsAt: BeginsAt;
  cause: CloseCause;
  actor: string;
};
export type DayStatus =
  | 'published'
  | 'partially_published'
  | 'waiting'
  | 'rejected'
  | 'cancelled'
  | 'failed'
  | 'running';
export type CloseOutcome = { attempt: number; status: DayStatus };

export type BackfillInput = { clientId: string; from: string; to: string; actor: string };
export type ReviewInput = { exceptionId: string; clientId: string; businessDate: string };

export type Verb = 'approve' | 'reject' | 'rerun';
export type DecideInput = {
  decisionId: string;
  expectedVersion: number;
  verb: Verb;
  args: Record<string, unknown>;
  reason: string;
  actor: string;
  onBehalfOf: string | null;
};
export type DecideAnswer = { state: string; version: number; accepted: boolean; message: string };

/** An update, because the person waits for the answer; refused before it enters the history where the state forbids it. */
export const decideUpdate = defineUpdate<DecideAnswer, [DecideInput]>('decide');
/** The same verbs for the Temporal UI and CLI, which can send no update with checked rights. */
export const decideSignal = defineSignal<[{ verb: Verb; reason: string; identity?: string }]>('decide-signal');
/** An attempt of the day has ended; the review looks at what became of its exception. */
export const attemptEndedSignal = defineSignal<[{ attempt: number }]>('attemptEnded');
export const reviewStateQuery = defineQuery<{ state: string; version: number }>('state');
