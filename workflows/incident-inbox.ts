import { ApplicationFailure, condition, log, setHandler } from '@temporalio/workflow';
import type { IncidentLook } from '../activities/incident/load.ts';
import type { QueuedStep } from '../activities/incident/record-decision.ts';
import { type IncidentAnswer, readIncidentSignal } from '../domain/incident/decision.ts';
import { refusalOf } from '../domain/incident/states.ts';
import { incidentChangedSignal, incidentSignal, incidentStateQuery, incidentUpdate } from './messages.ts';

type Queued = { step: QueuedStep; answer?: IncidentAnswer };

/** What people and the incident's parts say to its workflow. Handlers only queue; the main loop acts. */
export type IncidentInbox = {
  /** Looks at the incident as it is now: what is heard from here on is news. */
  look(load: () => Promise<IncidentLook>): Promise<IncidentLook>;
  next(): Queued | undefined;
  hasNews(): boolean;
  /** Waits for something to be said, or for the time given; false where the time has passed. */
  hear(timeoutMs: number | null): Promise<boolean>;
};

/** Registers the handlers; must run before the workflow's first await, or an update that came early is lost. */
export function openIncidentInbox(runId: string): IncidentInbox {
  const queue: Queued[] = [];
  const known = new Set<string>();
  let seen: IncidentLook | null = null;
  let changed = false;
  let signals = 0;

  const push = (queued: Queued): void => {
    known.add(queued.step.decisionId);
    queue.push(queued);
  };
  setHandler(incidentStateQuery, () => ({ state: seen?.state ?? null }));
  setHandler(incidentChangedSignal, () => {
    changed = true;
  });
  setHandler(incidentSignal, (argument) => {
    signals += 1;
    const read = readIncidentSignal(argument);
    if (!read) return log.warn('A signal named no verb and was left aside. Send {"verb":"ack","reason":"…"}.');
    const { verb, reason, identity } = read;
    const place = { runId, ordinal: signals };
    const decisionId = `signal/${runId}/${signals}`;
    push({ step: { decisionId, verb, reason, actor: identity ?? '', onBehalfOf: null, via: 'signal', signal: place } });
  });
  setHandler(
    incidentUpdate,
    async (input) => {
      const queued: Queued = { step: { ...input, via: 'api' } };
      push(queued);
      await condition(() => queued.answer !== undefined);
      return queued.answer!;
    },
    {
      validator({ decisionId, verb }) {
        const reason = seen && !known.has(decisionId) ? refusalOf(seen.state, verb) : null;
        if (reason)
          throw ApplicationFailure.create({
            message: reason,
            type: 'StaleDecision',
            details: [{ state: seen!.state }],
          });
      },
    },
  );

  const hasNews = () => changed || queue.length > 0;
  return {
    async look(load) {
      changed = false;
      seen = await load();
      return seen;
    },
    next: () => queue.shift(),
    hasNews,
    async hear(timeoutMs) {
      if (timeoutMs !== null) return condition(hasNews, Math.max(timeoutMs, 1));
      await condition(hasNews);
      return true;
    },
  };
}
