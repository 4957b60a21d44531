import Type, { type Static } from 'typebox';
import { DEFAULTS } from './defaults.ts';
import { closed, condition, decimal, duration, id, named, personOrRole, quietHours } from './parts.ts';

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
    from: Type.Optional(
      Type.Enum(['capture', 'normalize'], {
        description:
          'Where each of them begins: `capture` reads the sources again, `normalize` takes what was captured and reads the totals alone.',
        default: DEFAULTS.rerunFrom,
      }),
    ),
    tell: Type.Optional(
      Type.Enum(['first', 'after'], {
        description:
          '`first`: whoever would be asked is told that the system tries by itself. `after`: nobody is told before the question.',
        default: DEFAULTS.rerunTell,
      }),
    ),
  },
  { description: RERUN },
);
export type RerunPolicy = Static<typeof rerun>;

export const incidentRule = closed(
  {
    when: condition('Condition over `exception`, such as `exception.overdue`.'),
    severity,
    urgent: Type.Optional(
      Type.Boolean({
        description:
          'Mails about exceptions for which this rule holds, and about their incidents, do not wait for the end of quiet hours.',
        default: false,
      }),
    ),
  },
  { description: 'When an exception becomes an incident.' },
);
export type IncidentRule = Static<typeof incidentRule>;

export const makerChecker = closed(
  {
    amountAbove: Type.Optional(
      decimal(
        'Differences larger than this, in the currency of the finding. A finding without an amount is not above it.',
      ),
    ),
    metrics: Type.Optional(
      Type.Array(id('A metric.'), { minItems: 1, description: 'Findings that withhold one of these.' }),
    ),
    publishedDay: Type.Optional(
      Type.Boolean({
        description: 'Findings that withhold a metric of which the day has published a number before.',
        default: false,
      }),
    ),
  },
  {
    description:
      'Where a second person must agree before a difference is accepted or a fix is applied: where any of these holds. Wherever it is stated, also without any of them, whoever applied a transform that the day uses cannot accept the difference, and no signal or service can.',
  },
);
export type MakerChecker = Static<typeof makerChecker>;

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
  deputyAfter: Type.Optional(
    duration('The deputy is called, and has it from then on, when this long has passed without a decision.'),
  ),
  acknowledgeFor: Type.Optional(
    duration(
      'A claim stops reminder, deputy and deadline for this long, in the hours of whoever claims.',
      DEFAULTS.acknowledgeFor,
    ),
  ),
  makerChecker: Type.Optional(makerChecker),
  escalateTo: personOrRole('A role of the team or a person, who is called when the owner has not decided.'),
};

/** The same as a document may state it: what it leaves out comes from below, or from the defaults. */
export const authoredGoverned = {
  ...Type.Partial(Type.Object(governed)).properties,
  retry: Type.Optional(Type.Partial(retry, { additionalProperties: false, description: RETRY })),
  rerun: Type.Optional(Type.Partial(rerun, { additionalProperties: false, description: RERUN })),
};

/** How people are told: of the client, and so of the policy alone. */
export const telling = {
  quietHours: Type.Optional(
    quietHours('Mails about exceptions and incidents wait for the end of these hours, in the zone of the reader.'),
  ),
  digestWithin: Type.Optional(
    duration(
      'Questions to one person that are asked within this time of each other, also of other clients, go out as one mail.',
      DEFAULTS.digestWithin,
    ),
  ),
};

export const policy = closed(
  {
    ...authoredGoverned,
    ...telling,
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
