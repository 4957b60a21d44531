import Type, { type Static } from 'typebox';
import { closed, condition, duration, named, personOrRole } from './parts.ts';

export const severity = Type.Enum(['minor', 'major', 'critical'], { description: 'How bad the incident is.' });
export type Severity = Static<typeof severity>;

export const retry = closed(
  {
    initialInterval: duration('Wait before the first retry.'),
    backoffCoefficient: Type.Number({
      minimum: 1,
      maximum: 10,
      description: 'Each wait is this many times the one before.',
    }),
    maximumInterval: duration('No wait is longer than this.'),
    maximumAttempts: Type.Integer({ minimum: 1, maximum: 1000, description: 'Tries in all, the first included.' }),
  },
  { description: 'How a failing step is tried again within one attempt.' },
);
export type RetryPolicy = Static<typeof retry>;

export const rerun = closed(
  {
    attempts: Type.Integer({
      minimum: 0,
      maximum: 100,
      description: 'New attempts of the close before a person is asked.',
    }),
    delay: duration('Wait before each of them.'),
  },
  { description: 'The system heals first: how often a close is run anew before a person is asked.' },
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

/** What a contract and a policy have in common; a contract that is silent takes it from the policy. */
export const governed = {
  sla: duration('Data is complete this long after the cut-off.'),
  retry,
  rerun,
  decideWithin: duration('The owner has this long to decide; then the exception is overdue.'),
  reminder: Type.Optional(duration('The owner is reminded when this long has passed without a decision.')),
  escalateTo: personOrRole('A role of the team or a person, who is called when the owner has not decided.'),
};

export const policy = Type.Partial(
  closed(
    {
      ...governed,
      incidents: Type.Array(incidentRule, {
        description: 'When an exception becomes an incident; the first that holds.',
      }),
    },
    { description: 'What governs whatever has no rule of its own.' },
  ),
  {
    additionalProperties: false,
    description: 'Retries, re-runs, deadlines and escalation where a contract is silent.',
  },
);
export type Policy = Static<typeof policy>;
export const policies = named(policy, 'Policies by name. A client leans on one with `client.policy`.');
