import { storyOf } from '../../../domain/audit-story.ts';
import { monthOf } from '../../../domain/business-day.ts';
import { minorDigits } from '../../../domain/currency.ts';
import { choicesOf, matterOf, monthNote } from '../../../domain/exception/choices.ts';
import { hasEnded } from '../../../domain/exception/table.ts';
import { formatExact, formatMicros } from '../../../domain/money.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { findPeriod } from '../../../infra/postgres/period/rows.ts';
import { eventsOfDay, type StoredEvent } from '../../../infra/postgres/read/audit.ts';
import {
  type ExceptionWithDates,
  type QuarantinedRow,
  quarantinedRecord,
  quarantinedRecords,
} from '../../../infra/postgres/read/exceptions.ts';
import { incidentOfException } from '../../../infra/postgres/read/incidents.ts';
import { fixName, type SuggestedFix, suggestedFixes } from '../../../infra/postgres/remediation/suggested-fixes.ts';
import { comparisonOf, withheldMetrics } from '../../../infra/postgres/review/facts.ts';
import type { ExceptionDocument, ExceptionList } from '../../../schemas/api/exceptions.ts';
import { instantText } from './amounts.ts';
import { reconcilingItem } from './control.ts';
import { workspaceOf } from './workspace.ts';

const SHOWN_RECORDS = 100;

function differenceText({ difference_micros, currency }: ExceptionWithDates): string | null {
  if (difference_micros === null) return null;
  return currency ? formatMicros(difference_micros, minorDigits(currency)) : formatExact(difference_micros);
}

/** A claim that has run out is history. */
const isClaimed = ({ claimed_until }: ExceptionWithDates): boolean => Number(claimed_until) > Date.now();

export const listedException = (row: ExceptionWithDates): ExceptionList['exceptions'][number] => ({
  id: row.exception_id,
  kind: row.kind,
  metric: row.metric,
  owner: row.reassigned_to ?? row.owner,
  state: row.state,
  deadline: instantText(row.deadline),
  client: row.client_id,
  businessDate: row.business_date,
  store: row.store_id === '' ? null : row.store_id,
  source: row.source_id,
  control: row.control_id,
  message: row.message,
  difference: differenceText(row),
  currency: row.currency,
  responsible: row.responsible,
  claimedBy: isClaimed(row) ? row.claimed_by : null,
  claimedUntil: isClaimed(row) ? instantText(row.claimed_until) : null,
  version: row.version,
  openedAt: row.opened_at.toISOString(),
});

const concerns = (id: string, { subject, detail }: StoredEvent): boolean =>
  subject === id || [detail.exceptions, detail.resolved].some((ids) => Array.isArray(ids) && ids.includes(id));

/** What happened to it: when it was found, what was tried and told, decided and resolved. */
async function timelineOf(db: Db, row: ExceptionWithDates): Promise<ExceptionDocument['timeline']> {
  const events = await eventsOfDay(db, row.client_id, row.business_date);
  const concerned = events
    .filter((one) => concerns(row.exception_id, one))
    .map((one) => ({ at: one.at, actor: one.actor, event: storyOf(one) }));
  const found = {
    at: row.opened_at.toISOString(),
    actor: 'meshline',
    event: `Found by attempt ${row.opened_attempt}.`,
  };
  return [found, ...concerned].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const toQuarantined = (one: QuarantinedRow): ExceptionDocument['quarantined'][number] => ({
  ...quarantinedRecord(one),
  event: String(one.raw_event_id),
  record: one.payload,
});

/** A suggested fix as documents show it. */
export const toSuggested = ({ ordinal, fix, preview }: SuggestedFix): ExceptionDocument['suggestedFixes'][number] => ({
  id: fixName(ordinal),
  kind: fix.kind,
  title: fix.title,
  preview: {
    metrics: [...preview.metrics],
    checks: [...preview.checks],
    otherDays: preview.otherDays.map((one) => ({ ...one, metrics: [...one.metrics] })),
  },
});

async function incidentOf(db: Db, exceptionId: string): Promise<ExceptionDocument['incident']> {
  const found = await incidentOfException(db, exceptionId);
  return found ? { id: found.incident_id, severity: found.severity, state: found.state, owner: found.owner } : null;
}

/** An exception with everything that a decision on it needs. */
export async function exceptionDocumentOf(db: Db, row: ExceptionWithDates): Promise<ExceptionDocument> {
  const sources = row.source_id === null ? null : [row.source_id];
  const day = { clientId: row.client_id, businessDate: row.business_date, sources };
  const { month, state } = await findPeriod(db, row.client_id, monthOf(row.business_date));
  const matter = matterOf(row.kind, state);
  const comparison = row.control_id === null ? null : await comparisonOf(db, row);
  return {
    ...listedException(row),
    inputHash: row.input_hash,
    withheld: await withheldMetrics(db, row),
    reconcilingItems: (comparison?.items ?? []).map(reconcilingItem),
    quarantined: (await quarantinedRecords(db, day, SHOWN_RECORDS)).map(toQuarantined),
    workspace: await workspaceOf(db, row),
    timeline: await timelineOf(db, row),
    incident: await incidentOf(db, row.exception_id),
    monthNote: monthNote(matter, month, state),
    choices: hasEnded(row.state) ? [] : choicesOf(matter),
    resolvedAt: instantText(row.resolved_at),
    resolution: row.resolution,
    suggestedFixes: hasEnded(row.state) ? [] : (await suggestedFixes(db, row.exception_id)).map(toSuggested),
  };
}
