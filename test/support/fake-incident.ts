import type { IncidentLook } from '../../activities/incident/load.ts';
import type { Activities } from '../../activities/index.ts';
import { after, refusalOf } from '../../domain/incident/states.ts';
import { type Fakes, fakeActivities, incident } from './fake-activities.ts';

/** An incident in memory, as the activities of its workflow read and change it. */
export type FakeIncident = Fakes & { row: IncidentLook; change(to: Partial<IncidentLook>): void };

/** `realertMs`: how long after an alert the next one is due, by its number; null for no more. */
type Clock = { realertMs?: (alerts: number) => number | null; nowMs?: () => Promise<number> };

/**
 * @param row the incident before anything happens
 */
export function fakeIncident(
  row: Partial<IncidentLook>,
  { realertMs, nowMs = async () => Date.now() }: Clock = {},
  own: Partial<Activities> = {},
): FakeIncident {
  let present = incident(row);
  const taken = new Set<string>();
  const change = (to: Partial<IncidentLook>): void => {
    present = { ...present, ...to };
  };
  const step = (name: 'end' | 'close' | 'alert'): void => {
    const to = after(present.state, name);
    if (!to) throw new Error(`${name} in ${present.state}`);
    change({ state: to });
  };
  const fakes = fakeActivities({
    loadIncident: async () => present,
    alertAgain: async (_, told) => {
      if (told !== present.alerts || present.state !== 'open') return;
      const wait = realertMs?.(told + 1) ?? null;
      change({ alerts: told + 1, nextAlertMs: wait === null ? null : (await nowMs()) + wait });
    },
    recordIncidentStep: async ({ decisionId, verb, actor }) => {
      const refused = refusalOf(present.state, verb);
      if (taken.has(decisionId)) return { accepted: true, state: present.state, message: 'taken before' };
      if (refused) return { accepted: false, state: present.state, message: refused };
      taken.add(decisionId);
      change({ state: after(present.state, verb)!, ...(verb === 'ack' && { owner: actor, nextAlertMs: null }) });
      return { accepted: true, state: present.state, message: 'recorded' };
    },
    settleIncident: async () => {
      if (present.ended) step('end');
    },
    closeIncident: async () => step('close'),
    ...own,
  });
  return {
    ...fakes,
    get row() {
      return present;
    },
    change,
  };
}
