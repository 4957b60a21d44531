/** A line of a timeline; `at` is an instant in ISO 8601. */
export type TimelineLine = { at: string; actor: string; event: string };

/** An exception as a summary counts it. Amounts are exact, in units of the currency. */
export type SummedException = {
  client: string;
  businessDate: string;
  kind: string;
  message: string;
  withheld: readonly string[];
  difference: string | null;
  currency: string | null;
};

/** What is known of an incident when it is over. */
export type IncidentFacts = {
  openedAt: string;
  acknowledgedAt: string | null;
  resolvedAt: string;
  cause: string;
  timeline: readonly TimelineLine[];
  exceptions: readonly SummedException[];
  /** Mail addresses and webhooks that were told. */
  told: readonly string[];
  /** What people and the system did about it. */
  actions: readonly TimelineLine[];
};

/** What is kept of an incident, and mailed: what happened when, what it meant in numbers, why, and what was done. */
export type IncidentSummary = {
  cause: string;
  /** Whole minutes; null where nobody acknowledged it. */
  minutesToAcknowledge: number | null;
  minutesToResolve: number;
  impact: {
    clients: number;
    days: number;
    exceptions: number;
    metricsWithheld: string[];
    differences: { client: string; businessDate: string; amount: string; currency: string | null }[];
  };
  told: string[];
  actions: TimelineLine[];
  timeline: TimelineLine[];
};

const MINUTE_MS = 60_000;
const minutesBetween = (from: string, to: string): number =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / MINUTE_MS));

const countOf = (keys: readonly string[]): number => new Set(keys).size;

/** Sums an incident up from what is known of it. */
export function summaryOf(facts: IncidentFacts): IncidentSummary {
  const { openedAt, acknowledgedAt, resolvedAt, exceptions } = facts;
  return {
    cause: facts.cause,
    minutesToAcknowledge: acknowledgedAt === null ? null : minutesBetween(openedAt, acknowledgedAt),
    minutesToResolve: minutesBetween(openedAt, resolvedAt),
    impact: {
      clients: countOf(exceptions.map((one) => one.client)),
      days: countOf(exceptions.map((one) => `${one.client}/${one.businessDate}`)),
      exceptions: exceptions.length,
      metricsWithheld: [...new Set(exceptions.flatMap((one) => one.withheld))].sort(),
      differences: exceptions.flatMap(({ client, businessDate, difference, currency }) =>
        difference === null ? [] : [{ client, businessDate, amount: difference, currency }],
      ),
    },
    told: [...new Set(facts.told)].sort(),
    actions: [...facts.actions],
    timeline: [...facts.timeline],
  };
}
