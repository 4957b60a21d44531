/** What silence means: said once, for the reference and for the resolved document. */
export const DEFAULTS = {
  cutOff: '00:00',
  settlingDays: 0,
  checkSeverity: 'block',
  tolerance: { absolute: '0' },
  required: false,
  metricVersion: 1,
  /** Where a retry is stated, what it does not say; a contract without any retry is refused. */
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
  /** Where a rerun is stated, what it does not say. */
  rerun: { attempts: 1, delay: '5m' },
  noRerun: { attempts: 0, delay: '5m' },
  /** Where a rerun begins, and when people are told of it. */
  rerunFrom: 'capture',
  rerunTell: 'first',
  decideWithin: '4 working hours',
  acknowledgeFor: '4 working hours',
  /** Nobody's question waits unless the agency says so: only it knows whether one person has many clients. */
  digestWithin: '0m',
  incidents: [{ when: 'exception.overdue', severity: 'major' }],
  /** How often an incident that nobody acknowledges is told again. */
  realert: { initialInterval: '30m', backoffCoefficient: 2, maximumInterval: '4h', maximumAlerts: 6 },
} as const;
