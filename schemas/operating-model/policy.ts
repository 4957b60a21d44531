import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { closed, condition, duration, named, personOrRole } from './parts.ts';

export const severity = Type.Enum(['minor', 'major', 'critical'], { description: 'How bad the incident is.' });
export type Severity = Static<typeof severity>;

const RETRY =
  'How a failing step is tried again within one attempt. Every contract has one, by itself or by the policy.';
const RERUN = 'The system heals first: how often a close is run anew before a person is asked.';

export const retry = closed(
  {
    initialInterval: duration('Wait before the first retry.', DEFAULTS.retry.initialInterval),
    backoffCoefficient: Type.Number({
      minimum: 1,
      maximum: 10,
      description: 'Each wait is this many times the one before.',
      default: DEFAULTS.retry.backoffCoefficient,
    }),
    maximumInterval: duration('No wait is longer than this.', DEFAULTS.retry.maximumInterval),
    maximumAttempts: Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Tries in all, the first included.',
      default: DEFAULTS.retry.maximumAttempts,
    }),
  },
  {
    description: RETRY,
  },
);
export type RetryPolicy = Static<typeof retry>;

export const rerun = closed(
  {
    attempts: Type.Integer({
      minimum: 0,
      maximum: 100,
      description: 'New attempts of the close before a person is asked. Without any `rerun`, none.',
      default: DEFAULTS.rerun.attempts,
    }),
    delay: duration('Wait before each of them.', DEFAULTS.rerun.delay),
  },
  { description: RERUN },
);
export type RerunPolicy = Static<typeof rerun>;

export const incidentRule = closed(
  {
    when: condition('Condition over `exception`, such as `exception.overdue`.'),
    severity,
  },
  { description: 'When an exception becomes an incident.' },
);
export type IncidentRule = Static<typeof incidentRule>;

/** Optional to the last key, also in a resolved document: those that were stored before have none of it. */
export const realert = closed(
  {
    initialInterval: Type.Optional(
      duration('Wait before it is told the second time.', DEFAULTS.realert.initialInterval),
    ),
    backoffCoefficient: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 10,
        description: 'Each wait is this many times the one before.',
        default: DEFAULTS.realert.backoffCoefficient,
      }),
    ),
    maximumInterval: Type.Optional(duration('No wait is longer than this.', DEFAULTS.realert.maximumInterval)),
    maximumAlerts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Alerts in all, the first included.',
        default: DEFAULTS.realert.maximumAlerts,
      }),
    ),
  },
  { description: 'How an incident that nobody acknowledges is told again.' },
);

/** What a contract and a policy have in common; a contract that is silent takes it from the policy. */
export const governed = {
  sla: duration('Data is complete this long after the cut-off.'),
  retry,
  rerun,
  decideWithin: duration('The owner has this long to decide; then the exception is overdue.', DEFAULTS.decideWithin),
  reminder: Type.Optional(duration('The owner is reminded when this long has passed without a decision.')),
  escalateTo: personOrRole('A role of the team or a person, who is called when the owner has not decided.'),
};

/** The same as a document may state it: what it leaves out comes from below, or from the defaults. */
export const authoredGoverned = {
  ...Type.Partial(Type.Object(governed)).properties,
  retry: Type.Optional(Type.Partial(retry, { additionalProperties: false, description: RETRY })),
  rerun: Type.Optional(Type.Partial(rerun, { additionalProperties: false, description: RERUN })),
};

export const policy = closed(
  {
    ...authoredGoverned,
    incidents: Type.Optional(
      Type.Array(incidentRule, {
        description: 'When an exception becomes an incident; the first rule that holds decides the severity.',
        default: DEFAULTS.incidents,
      }),
    ),
    realert: Type.Optional(realert),
  },
  { description: 'Retries, re-runs, deadlines and escalation where a contract is silent.' },
);
export type Policy = Static<typeof policy>;
export const policies = named(policy, 'Policies by name. A client leans on one with `client.policy`.');
