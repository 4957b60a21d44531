import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecideAnswer, DecideInput, ExceptionState, SignalledDecision } from '../domain/exception/decision.ts';
import type { IncidentAnswer, IncidentInput, SignalledStep } from '../domain/incident/decision.ts';
import type { IncidentState } from '../domain/incident/states.ts';

export type { BeginsAt, CloseCause, CloseInput, CloseOutcome, DayStatus } from '../domain/close.ts';
export type { DecideAnswer, DecideInput, Verb } from '../domain/exception/decision.ts';
export type { IncidentAnswer, IncidentInput } from '../domain/incident/decision.ts';

export const TASK_QUEUE = 'meshline';

/** Business dates, both included; closed in order. */
export type BackfillInput = { clientId: string; from: string; to: string; actor: string };
export type ReviewInput = { exceptionId: string; clientId: string; businessDate: string };
export type IncidentWorkflowInput = { incidentId: string };
/** The outbox of one destination. */
export type OutboxInput = { clientId: string; destinationId: string };
export type NightlyInput = { clientId: string };
export type RevisionsInput = { clientId: string };

/** Something has lapsed, or is to be told, since the run looked. */
export const lookAgainSignal = defineSignal('look-again');

/**
 * An update, because the person waits for the answer; refused before it enters the history where the state forbids it.
 */
export const decideUpdate = defineUpdate<DecideAnswer, [DecideInput]>('decide');
/**
 * The same verbs for the Temporal UI and CLI, which can send no update with checked rights: `{"verb","reason"}`, and
 * `version` where it may hold for that version only. Who sent it is read from the history.
 */
export const decideSignal = defineSignal<[Partial<SignalledDecision>]>('decide-signal');
/** An attempt of the day has ended; the review looks at what became of its exception. */
export const attemptEndedSignal = defineSignal<[{ attempt: number }]>('attempt-ended');
/** What the exception is about was handed over after all, or was given up anew, with no attempt of the day. */
export const handoffSettledSignal = defineSignal('handoff-settled');
export const reviewStateQuery = defineQuery<{ state: ExceptionState | null; version: number }>('state');

/** Something waits in the outbox. */
export const outboxFilledSignal = defineSignal('outbox-filled');

/** What a person does about an incident; refused before it enters the history where the state forbids it. */
export const incidentUpdate = defineUpdate<IncidentAnswer, [IncidentInput]>('decide');
/** The same from the Temporal UI and CLI: `{"verb":"ack","reason"}`. Who sent it is read from the history. */
export const incidentSignal = defineSignal<[Partial<SignalledStep>]>('decide-signal');
/** Something of the incident has changed: an exception of it has ended, a member has, or it got worse. */
export const incidentChangedSignal = defineSignal('incident-changed');
export const incidentStateQuery = defineQuery<{ state: IncidentState | null }>('state');
