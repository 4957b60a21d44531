import { revisionReasonWords } from './publish/revision-reason.ts';

/** An audit event as it is told; `detail` holds what its action says more. */
export type ToldEvent = {
  action: string;
  actor: string;
  subject: string;
  detail: Readonly<Record<string, unknown>>;
};

type Tell = (event: ToldEvent) => string;

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
/** What a message told of, as far as the trail says so. */
const newsOf = ({ incident }: Record<string, unknown>): string =>
  incident === undefined ? 'an event' : `incident ${text(incident)}`;
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const count = (value: unknown, one: string, many = `${one}s`): string =>
  `${text(value)} ${Number(value) === 1 ? one : many}`;
const because = (reason: unknown): string =>
  text(reason) === '' ? '' : ` Reason: ${text(reason).replace(/\.?$/, '.')}`;

const CAUSES: Readonly<Record<string, string>> = {
  schedule: 'by the nightly schedule',
  manual: 'by hand',
  backfill: 'by a backfill',
  rerun: 'as an automatic re-run',
  decision: 'to carry a decision out',
  recovery: 'to take up what had been cut off',
  late_data: 'because an input had changed',
  revise: 'to revise the day',
};

const captured: Tell = ({ subject, detail }) => {
  const changes = [
    [detail.newRecords, 'new'],
    [detail.changedRecords, 'changed'],
    [detail.goneRecords, 'gone'],
  ].flatMap(([many, how]) => (Number(many) > 0 ? `${text(many)} ${text(how)}` : []));
  const of = changes.length > 0 ? ` (${changes.join(', ')})` : '';
  return `Captured ${subject}: ${count(detail.records, 'record')}${of} from ${text(detail.file)}.`;
};

const normalized: Tell = ({ subject, detail }) =>
  `Normalized ${subject}: ${count(detail.posted, 'entry', 'entries')} posted, ${text(detail.reversed)} reversed, ${count(detail.quarantined, 'record')} in quarantine.`;

const adjustedText = (adjusted: unknown): string => {
  const { month, metrics } = (adjusted ?? {}) as { month?: unknown; metrics?: unknown };
  return month === undefined
    ? ''
    : `Posted to ${text(month)} as prior-period adjustments: ${list(metrics).join(', ')}.`;
};

/** `Revised net_sales, orders (late arrival).` */
function revisedText(revised: unknown): string {
  const metrics = Object.entries((revised ?? {}) as Record<string, unknown>);
  if (metrics.length === 0) return '';
  const reasons = new Set(metrics.flatMap(([, codes]) => list(codes)).map((code) => revisionReasonWords(text(code))));
  return `Revised ${metrics.map(([metric]) => metric).join(', ')} (${[...reasons].join(', ')}).`;
}

const published: Tell = ({ detail }) => {
  const withheld = list(detail.withheld);
  const exceptions = list(detail.exceptions);
  return [
    `Published ${count(detail.published, 'number')}; the day is ${statusWords(detail.status)}.`,
    withheld.length > 0 ? `Withheld: ${withheld.join(', ')}.` : '',
    revisedText(detail.revised),
    list(detail.changed).length > 0
      ? `Left as they are, though they have changed: ${list(detail.changed).join(', ')}.`
      : '',
    list(detail.kept).length > 0 ? `Kept as they were published: ${list(detail.kept).join(', ')}.` : '',
    list(detail.dropped).length > 0 ? `No longer computed: ${list(detail.dropped).join(', ')}.` : '',
    adjustedText(detail.adjusted),
    exceptions.length > 0 ? `Open exceptions: ${exceptions.join(', ')}.` : '',
    list(detail.resolved).length > 0 ? `Resolved: ${list(detail.resolved).join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
};

/** A day that is still `running` after its attempt is run anew, which the system does by itself. */
const statusWords = (status: unknown): string =>
  status === 'running' ? 'run anew by itself' : text(status).replaceAll('_', ' ');

const ended: Tell = ({ detail }) => {
  const status = statusWords(detail.status);
  if (detail.how === 'finished') return `The attempt ended; the day is ${status}.`;
  if (detail.how === 'unchanged')
    return `Nothing had changed since the last attempt; the day ${detail.status === 'running' ? 'is' : 'stays'} ${status}.`;
  return `The attempt ${detail.how === 'cancelled' ? 'was cancelled' : 'failed'}; the day is ${status}. ${text(detail.error)}`.trim();
};

const decided =
  (what: string): Tell =>
  ({ subject, detail }) =>
    `${what} (exception ${subject}${detail.message ? `: ${text(detail.message)}` : ''}).${because(detail.reason)}`;

function rejectedWords({ kept, undelivered }: ToldEvent['detail']): string {
  if (kept) return 'Kept the numbers as they were published';
  return undelivered ? 'Let it rest, undelivered' : 'Rejected the day';
}

const rerun: Tell = (event) =>
  event.detail.decisionId === undefined
    ? `Runs the day anew by itself, re-run ${text(event.detail.rerun)}, for exception ${event.subject}.`
    : decided('Decided to run the day anew')(event);

const verbWords = (verb: unknown): string => text(verb).replaceAll('_', ' ');

const proposed: Tell = ({ subject, detail }) =>
  `Proposed to ${verbWords(detail.verb)}; another person must agree (exception ${subject}).${because(detail.reason)}`;

const told =
  (what: string): Tell =>
  ({ subject, detail }) =>
    `${what} ${text(detail.person)} (exception ${subject}).`;

/** `shop to close, nightly/mail to mail` */
const handed =
  (did: string): Tell =>
  ({ detail }) => {
    const handoffs = Array.isArray(detail.handoffs) ? (detail.handoffs as Record<string, unknown>[]) : [];
    return `${did} ${handoffs.map((one) => `${text(one.subject)} to ${text(one.receiver)}`).join(', ')}.`;
  };

const TELL: Readonly<Record<string, Tell>> = {
  'operating_model.applied': ({ subject, detail }) =>
    `Applied the operating model ${subject}${detail.effectiveFrom ? `, effective from ${text(detail.effectiveFrom)}` : ''}.`,
  'close.requested': () => 'Asked for the day to be closed.',
  'close.revise_requested': ({ detail }) => `Asked for the day to be revised.${because(detail.reason)}`,
  'close.cancel_requested': ({ detail }) => `Asked for the attempt to be cancelled.${because(detail.reason)}`,
  'backfill.requested': ({ detail }) => `Asked for ${text(detail.from)} to ${text(detail.to)} to be closed.`,
  'schedule.set': ({ detail }) =>
    `Scheduled the close for every night at ${text(detail.at)}, ${text(detail.timezone)}.`,
  'source.uploaded': ({ subject, detail }) =>
    `Uploaded ${text(detail.file)} (${count(detail.bytes, 'byte')}) as ${subject}.`,
  'total.stated': ({ subject, detail }) => `Stated ${text(detail.value)} as the total of ${subject}.`,
  'totals.captured': ({ subject, detail }) =>
    `Read the totals of ${subject} from ${text(detail.origin)}: ${text(detail.changed)} of ${text(detail.stated)} new.`,
  'totals.not_read': ({ subject, detail }) => `The totals of ${subject} could not be read: ${text(detail.message)}`,
  'attempt.opened': ({ detail }) =>
    `Started an attempt ${CAUSES[text(detail.cause)] ?? text(detail.cause)}, from ${text(detail.beginsAt)}, on operating model ${text(detail.modelVersion)}.`,
  'attempt.ended': ended,
  'source.captured': captured,
  'day.normalized': normalized,
  'day.published': published,
  'report.sent': ({ subject, detail }) => `Sent the report to ${subject} (${list(detail.recipients).join(', ')}).`,
  'report.not_sent': ({ subject }) => `The report could not be sent to ${subject}.`,
  'report.uncertain': ({ subject }) => `Whether the report is with ${subject} is not known; it was not sent again.`,
  'correction.sent': ({ subject, detail }) =>
    `Sent the correction to ${subject} (${list(detail.recipients).join(', ')}).`,
  'correction.not_sent': ({ subject }) => `The correction could not be sent to ${subject}.`,
  'correction.uncertain': ({ subject }) =>
    `Whether the correction is with ${subject} is not known; it was not sent again.`,
  'correction.held': ({ subject, detail }) =>
    `Keeps a correction for ${list(detail.recipients).join(', ')}, told by ${subject}: ${text(detail.reason)}.${detail.status === 'draft' ? ' It waits for its release.' : ' It goes to nobody.'}`,
  'event.sent': ({ subject, detail }) => `Told ${subject} of ${newsOf(detail)}.`,
  'event.not_sent': ({ subject, detail }) => `${subject} could not be told of ${newsOf(detail)}.`,
  'event.uncertain': ({ subject, detail }) =>
    `Whether ${subject} was told of ${newsOf(detail)} is not known; it was not told again.`,
  'delivery.released': ({ subject, detail }) =>
    `Released the ${text(detail.kind)} for ${text(detail.destination)} (delivery ${subject}).${because(detail.reason)}`,
  'delivery.resent': ({ subject, detail }) =>
    `Had the ${text(detail.kind)} for ${text(detail.destination)} sent once more (delivery ${subject}).${because(detail.reason)}`,
  'handoff.delivered': handed('Handed over:'),
  'handoff.acknowledged': handed('Taken:'),
  'handoff.refused': handed('Refused, for it breaks its contract:'),
  'handoff.missed': handed('Not handed over by its deadline:'),
  'handoff.forgiven': handed('Owed no more:'),
  'exception.approve': decided('Accepted the difference'),
  'exception.reject': (one) => decided(rejectedWords(one.detail))(one),
  'exception.apply_fix': (one) => decided(`Applied the fix “${text(one.detail.fixTitle)}”`)(one),
  'exception.propose': proposed,
  'exception.claim': decided('Claimed it'),
  'exception.reassign': ({ subject, detail }) =>
    `Gave exception ${subject} to ${text(detail.to)}.${because(detail.reason)}`,
  'exception.comment': ({ detail }) => `Commented: ${text(detail.reason)}`,
  'exception.decision_refused': ({ subject, detail }) =>
    `Refused to ${verbWords(detail.verb)} (exception ${subject}): ${text(detail.message)}`,
  'exception.handed_over': ({ subject, detail }) =>
    `Handed exception ${subject} over from ${text(detail.after)}, who is away, to ${text(detail.person)}.`,
  'exception.deputy_called': ({ subject, detail }) =>
    `Called the deputy ${text(detail.person)}, for ${text(detail.after)} had not decided (exception ${subject}).`,
  'exception.overdue': ({ subject, detail }) =>
    `The deadline of exception ${subject} passed; ${text(detail.person)} is called.`,
  'exception.rerun': rerun,
  'exception.signal_refused': ({ subject, detail }) =>
    `Refused a signal to ${verbWords(detail.verb)} (exception ${subject}): ${text(detail.message)}${because(detail.reason)}`,
  'exception.healing_told': ({ subject, detail }) =>
    `Told ${text(detail.person)} that the system tries again by itself (exception ${subject}).`,
  'exception.owner_told': told('Asked for a decision of'),
  'exception.second_told': told('Asked for the agreement of'),
  'exception.deputy_told': told('Asked for a decision of the deputy,'),
  'exception.reminded': told('Reminded'),
  'exception.end_told': told('Told how it ended to'),
  'exception.escalated': told('The deadline passed; escalated to'),
  'incident.opened': ({ subject, detail }) =>
    `Opened incident ${subject} with severity ${text(detail.severity)}, with ${text(detail.owner)}.`,
  'incident.joined': ({ subject, detail }) =>
    `Made exception ${text(detail.exception)} part of incident ${subject}: ${text(detail.message)}`,
  'incident.grouped': ({ subject, detail }) =>
    `Found the cause of incident ${subject} at ${list(detail.clients).join(', ')} too.`,
  'incident.raised': ({ subject, detail }) =>
    `Raised incident ${subject} from ${text(detail.from)} to ${text(detail.to)}.`,
  'incident.alerted': ({ subject, detail }) =>
    `Told of incident ${subject} again: alert ${text(detail.alert)}, nobody had acknowledged it.`,
  'incident.acknowledged': ({ subject, detail }) =>
    `Acknowledged incident ${subject}, with ${text(detail.owner)}.${because(detail.reason)}`,
  'incident.updated': ({ subject, detail }) => `Said how incident ${subject} stands: ${text(detail.reason)}`,
  'incident.resolved': ({ subject, detail }) => `Resolved incident ${subject}.${because(detail.reason)}`,
  'incident.closed': ({ subject }) => `Closed incident ${subject}: its summary is stored and told.`,
  'incident.told': ({ subject, detail }) =>
    `Told ${text(detail.recipient)} of incident ${subject} (${text(detail.event)}).`,
  'incident.drafted': ({ subject, detail }) =>
    `Kept a text about incident ${subject} (${text(detail.event)}) to ${text(detail.recipient)} as a draft.`,
  'incident.signal_refused': ({ subject, detail }) =>
    `Refused a signal to ${text(detail.verb)} incident ${subject}: ${text(detail.message)}${because(detail.reason)}`,
  'export.written': ({ subject, detail }) => `Wrote the export ${subject} to ${text(detail.path)}.`,
  'export.not_written': ({ subject, detail }) => `Could not write the export ${subject}: ${text(detail.reason)}`,
  'webhook.sent': ({ subject, detail }) =>
    `Posted ${text(detail.event)} of incident ${text(detail.incident)} to ${subject}.`,
  'webhook.failed': ({ subject, detail }) =>
    `Could not post ${text(detail.event)} of incident ${text(detail.incident)} to ${subject}: ${text(detail.error)}`,
  'history.kept': ({ subject, detail }) =>
    `Kept the history of ${subject}, ${count(detail.events, 'event')} of a run that ended ${text(detail.status).toLowerCase()}.`,
  'period.closed': ({ detail }) => `Soft-closed ${text(detail.month)}.${because(detail.reason)}`,
  'period.locked': ({ detail }) =>
    `Locked ${text(detail.month)}, which ${text(detail.closedBy)} had soft-closed.${because(detail.reason)}`,
  'period.reopening_proposed': ({ detail }) =>
    `Asked for ${text(detail.month)} to be reopened; another person must agree.${because(detail.reason)}`,
  'period.reopening_withdrawn': ({ detail }) => `Keeps ${text(detail.month)} locked.${because(detail.reason)}`,
  'period.reopened': ({ detail }) => `Reopened ${text(detail.month)}.${because(detail.reason)}`,
  'token.created': ({ detail }) => `Made a token for ${text(detail.person)} as ${text(detail.role)}.`,
  'token.revoked': ({ subject }) => `Revoked the token ${subject}.`,
};

/** The actions that have words of their own. */
export const TOLD_ACTIONS: readonly string[] = Object.keys(TELL);

/** What happened, in plain words. An action without words of its own is told by its name. */
export const storyOf = (event: ToldEvent): string =>
  TELL[event.action]?.(event) ?? `${event.action.replaceAll(/[._]/g, ' ')}: ${event.subject}.`;
