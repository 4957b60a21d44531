import { DateTime } from 'luxon';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { lowered } from '../lowered.ts';
import type { Metric } from '../metrics/definition.ts';
import { personName } from '../people.ts';
import { amountText, type ControlStatus } from '../reconcile.ts';
import { type CertificateState, NO_LONGER_COMPUTED } from './certify.ts';

/** What a certificate rests on, as far as its words need it. */
export type CertificateFacts = {
  storeId: string;
  state: CertificateState;
  /** Why it no longer stands; null while it does. */
  lapsed: string | null;
  controls: readonly ComparedControl[];
  decisions: readonly CertifiedDecision[];
};
export type ComparedControl = {
  controlId: string;
  slice: string | null;
  status: ControlStatus;
  differenceMicros: bigint | null;
  /** Of the difference; null for a count. */
  currency: string | null;
  /** When the source-reported total was read. */
  readAt: Date | null;
};
export type CertifiedDecision = {
  actor: string | null;
  reason: string | null;
  /** What was accepted; null for a fix that the number was read with. */
  finding: string | null;
  differenceMicros: bigint | null;
  /** Of the difference; null for a count. */
  currency: string | null;
  /** The number was kept as it was published, against a later change of that much. */
  kept: boolean;
};

type Control = OperatingModel['controls'][number];
/** In which document and zone a certificate is read, and of which metric and day. */
export type CertificateReading = {
  model: OperatingModel;
  metric: Pick<Metric, 'title'>;
  businessDate: string;
};

const REPORTS: Readonly<Record<Control['evidence'], string>> = {
  platform_report: 'the platform’s report',
  processor_report: 'the processor’s report',
  bank: 'the bank’s report',
  same_source: 'a total of the same source',
};

/** A count has no decimals. */
const amountWords = (micros: bigint, currency: string | null): string => {
  const text = amountText(micros < 0n ? -micros : micros, currency);
  return currency === null ? text.replace(/\.0+$/, '') : text;
};

function controlName({ model, metric }: CertificateReading, { controlId, slice }: ComparedControl): string {
  const control = model.controls.find((one) => one.id === controlId);
  const dimension = control?.slice;
  const part = slice === null ? '' : `, ${dimension ?? 'slice'} ${slice}`;
  const report = control ? REPORTS[control.evidence] : 'the report';
  return `${report} on ${lowered(metric.title)}${part} (control ${controlId})`;
}

/** "3 Nov 04:12" in the client's zone, with the year where it is not that of the day. */
function readWords({ model, businessDate }: CertificateReading, at: Date | null): string {
  if (at === null) return '';
  const local = DateTime.fromJSDate(at, { zone: model.client.timezone }).setLocale('en-GB');
  const year = local.toFormat('yyyy') === businessDate.slice(0, 4) ? '' : ' yyyy';
  return `, read ${local.toFormat(`d LLL${year} HH:mm`)}`;
}

/** A difference that is within tolerance is said; none is silence. */
const differenceWords = ({ differenceMicros, currency }: ComparedControl): string =>
  differenceMicros === null || differenceMicros === 0n
    ? ''
    : `, within tolerance: a difference of ${amountWords(differenceMicros, currency)}`;

/** "reconciled with the platform’s report on invoiced total (control till-daily), read 3 Nov 04:12" */
function reconciledWords(reading: CertificateReading, { controls }: CertificateFacts): string {
  const whole = controls.filter((one) => one.slice === null);
  const named = (whole.length > 0 ? whole : controls.slice(0, 1)).map(
    (one) => `${controlName(reading, one)}${readWords(reading, one.readAt)}${differenceWords(one)}`,
  );
  return `reconciled with ${named.join(' and ')}`;
}

function decidedWords({ kept, finding, differenceMicros, currency }: CertifiedDecision): string {
  if (differenceMicros === null) return kept ? 'kept against a later change' : `accepted over what ${finding} found`;
  const amount = amountWords(differenceMicros, currency);
  if (!kept) return `accepted over a difference of ${amount}`;
  return `kept against a later change of ${differenceMicros < 0n ? '−' : '+'}${amount}`;
}

function acceptedWords({ model }: CertificateReading, one: CertifiedDecision): string {
  const name = one.actor === null ? 'a person' : personName(model, one.actor);
  return `${decidedWords(one)} by ${name}${one.reason === null ? '' : `: ${one.reason.replace(/\.$/, '')}`}`;
}

function unreconciledWords(reading: CertificateReading, { storeId, controls }: CertificateFacts): string {
  const missing = controls.filter((one) => one.status === 'not_reconciled');
  if (missing.length > 0)
    return `nothing to compare with yet: ${missing.map((one) => controlName(reading, one)).join(' and ')} is not there`;
  return storeId === '' && reading.model.stores.length > 1
    ? 'made of the numbers of its stores'
    : 'nothing to compare with';
}

function stateWords(reading: CertificateReading, facts: CertificateFacts): string {
  switch (facts.state) {
    case 'reconciled':
      return reconciledWords(reading, facts);
    case 'qualified':
      return facts.decisions
        .filter((one) => one.finding !== null)
        .map((one) => acceptedWords(reading, one))
        .join('; ');
    case 'unreconciled':
      return unreconciledWords(reading, facts);
    default:
      return facts.state satisfies never;
  }
}

/**
 * A certificate in one line that a client understands: what the number agrees with, or who accepted what, or that it
 * changed.
 */
export function certificateWords(reading: CertificateReading, facts: CertificateFacts): string {
  const fixes = facts.decisions.filter((one) => one.finding === null).length;
  const read = fixes === 0 ? '' : `; read with ${fixes === 1 ? 'a fix' : `${fixes} fixes`} that a person decided`;
  if (facts.lapsed === null) return `${stateWords(reading, facts)}${read}`;
  return facts.lapsed === NO_LONGER_COMPUTED
    ? `no longer computed, it stays as it was published; before that ${stateWords(reading, facts)}`
    : `changed since: ${facts.lapsed}; before that ${stateWords(reading, facts)}`;
}
