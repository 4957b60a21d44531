import type { IncidentLook } from '../../activities/incident/load.ts';
import type { Activities } from '../../activities/index.ts';
import type { OpenedDay } from '../../activities/open-attempt.ts';
import type { PublishedDay } from '../../activities/publish.ts';
import type { Review } from '../../activities/review/load-review.ts';

type Name = keyof Activities;
type Args<N extends Name> = Parameters<Activities[N]>;

/** One call of an activity, as the workflow made it. */
export type Call = { [N in Name]: { activity: N; args: Args<N> } }[Name];

/** Activities that note their calls. `of` picks the arguments of one activity's calls, in their order. */
export type Fakes = {
  activities: Activities;
  calls: Call[];
  names(): string[];
  of<N extends Name>(activity: N): Args<N>[];
};

const RETRY = { firstMs: 1_000, coefficient: 2, longestMs: 60_000, maximumAttempts: 3 };

export const openedDay = (day: Partial<OpenedDay> & Pick<OpenedDay, 'clientId' | 'businessDate'>): OpenedDay => ({
  attempt: 1,
  modelVersion: 1,
  beginsAt: 'capture',
  clientName: day.clientId,
  sources: [{ id: 'shop', retry: RETRY }],
  before: null,
  settled: false,
  ...day,
});

export const publishedDay = (day: Partial<PublishedDay> = {}): PublishedDay => ({
  inputsChanged: false,
  status: 'published',
  published: 1,
  withheld: 0,
  exceptions: [],
  ...day,
});

export const review = (one: Partial<Review> = {}): Review => ({
  state: 'awaiting_decision',
  version: 1,
  message: 'net_sales differs by 1.00',
  healing: false,
  reruns: 0,
  rerunDelayMs: 60_000,
  deadlineMs: null,
  lastAttempt: 1,
  endedAttempt: 1,
  underWay: false,
  decided: null,
  ...one,
});

export const incident = (one: Partial<IncidentLook> = {}): IncidentLook => ({
  state: 'open',
  severity: 'major',
  owner: 'ben',
  title: 'net_sales differs by 1.00',
  alerts: 1,
  nextAlertMs: null,
  ended: false,
  spansClients: false,
  ...one,
});

const captured = {
  status: 'captured',
  records: 1,
  newRecords: 1,
  changedRecords: 0,
  goneRecords: 0,
} as const;

const quiet = async () => undefined;

/** A day that closes without a finding, and an exception that nobody has decided. */
const untroubled: Activities = {
  openAttempt: async ({ clientId, businessDate, beginsAt }) => openedDay({ clientId, businessDate, beginsAt }),
  carryOverDay: async () => true,
  captureSource: async ({ sourceId }) => ({ sourceId, ...captured }),
  captureTotals: async () => ({ changed: 0, failures: [] }),
  hasNews: async () => true,
  normalizeDay: async () => ({ records: 1, posted: 1, reversed: 0, quarantined: 0 }),
  validateDay: async () => ({ passed: 1, failed: 0, warned: 0 }),
  enrichDay: async () => ({ values: 1 }),
  reconcileDay: async () => ({ matched: 0, differences: 0, notReconciled: 0 }),
  publishDay: async () => publishedDay(),
  deliverReport: async () => ({ sent: 1 }),
  sendQueued: async () => null,
  finishAttempt: async (_, ending) => (ending.how === 'finished' ? ending.status : 'failed'),
  startRevisions: quiet,
  planRevisions: async () => [],
  previewRevision: async () => ({ metrics: [], sources: [], otherDays: [] }),
  sendCorrections: quiet,
  previewDay: async ({ date }) => ({
    client: 'acme',
    businessDate: date,
    captured: { records: 0, quarantined: 0, duplicates: 0, inSuspense: '0.00' },
    quarantined: [],
    metrics: [],
    sources: [],
    problems: [],
    missing: [],
  }),
  planNight: async ({ scheduledAt }) => ({ businessDate: scheduledAt.slice(0, 10), standing: null }),
  loadReview: async () => review(),
  startRerun: quiet,
  tellHealing: async () => [],
  askOwner: quiet,
  climb: quiet,
  sendNotice: quiet,
  endReview: async () => [],
  tellOwner: quiet,
  escalate: quiet,
  tellOverdue: quiet,
  recordDecision: async () => ({ accepted: true, state: 'deciding', version: 2, message: 'Recorded.' }),
  startDecided: quiet,
  suggestFixes: async () => 0,
  tryFix: async () => ({ ordinal: 0, problems: [] }),
  openIncident: async () => null,
  exceptionEnded: quiet,
  loadIncident: async () => incident(),
  recordIncidentStep: async () => ({ accepted: true, state: 'acknowledged', message: 'Recorded.' }),
  alertAgain: quiet,
  leadMembers: quiet,
  settleIncident: quiet,
  summarizeIncident: quiet,
  closeIncident: quiet,
  tellIncident: async () => null,
  postIncident: quiet,
};

/** Activities without a side effect; what a test gives takes the place of what goes well by itself. */
export function fakeActivities(own: Partial<Activities> = {}): Fakes {
  const calls: Call[] = [];
  const noting = Object.entries({ ...untroubled, ...own }).map(([activity, run]) => [
    activity,
    (...args: never[]) => {
      calls.push({ activity, args } as unknown as Call);
      return (run as (...args: never[]) => unknown)(...args);
    },
  ]);
  return {
    activities: Object.fromEntries(noting) as Activities,
    calls,
    names: () => calls.map((one) => one.activity),
    of: (activity) => calls.filter((one) => one.activity === activity).map((one) => one.args as never),
  };
}
