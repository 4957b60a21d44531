import { monthOf } from '../../domain/business-day.ts';
import { minorDigits } from '../../domain/currency.ts';
import { matterOf, monthNote } from '../../domain/exception/choices.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import type { ExceptionView } from '../../infra/mail/report/exception-view.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { findPeriod } from '../../infra/postgres/period/rows.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import { fixName, type SuggestedFix, suggestedFixes } from '../../infra/postgres/remediation/suggested-fixes.ts';
import { attemptsSince, comparisonOf, type TriedRow, withheldMetrics } from '../../infra/postgres/review/facts.ts';
import type { OperatingModel, Person } from '../../schemas/operating-model.ts';
import { findingOf } from './load-review.ts';

const CAUSES: Readonly<Record<string, string>> = {
  quarantined: 'quarantined records',
  late_arrivals: 'late arrivals',
  duplicates: 'duplicates',
  test_orders: 'test orders',
  zone_shift: 'zone shift',
};

export function personOf(model: OperatingModel, id: string): Person {
  const person = model.people.find((one) => one.id === id);
  if (!person) throw new Error(`the operating model names ${id}, who is not among its people`);
  return person;
}

function outcomeOf(one: TriedRow): string {
  if (!one.ended_at) return 'It still runs';
  if (one.error) return `It failed: ${one.error}`;
  if (one.status === 'waiting' || one.status === 'running') return 'The finding was still there';
  if (one.status === 'unchanged') return 'Nothing had changed';
  return `The day was then ${one.status.replaceAll('_', ' ')}`;
}

/** What an attempt did, by where it began. */
const DID: Readonly<Record<string, string>> = {
  capture: 'captured and closed',
  normalize: 'normalized and closed',
  reconcile: 'reconciled',
};

const triedOf = (one: TriedRow) => ({
  at: one.started_at.toISOString(),
  what: `Attempt ${one.attempt} ${DID[one.begins_at]} the day`,
  outcome: outcomeOf(one),
});

function titleOf(model: OperatingModel, row: ExceptionRow): string {
  const metric = row.metric && metricCatalog(model).get(row.metric);
  return metric ? metric.title : (row.source_id ?? row.subject);
}

async function comparisonView(db: Db, row: ExceptionRow, currency: string): Promise<ExceptionView['comparison']> {
  const found = row.control_id ? await comparisonOf(db, row) : null;
  if (!found) return null;
  const amount = (micros: bigint) => formatMicros(micros, minorDigits(currency));
  return {
    control: found.control.control_id,
    ours: amount(found.control.ours_micros),
    theirs: amount(found.control.theirs_micros),
    difference: amount(found.control.difference_micros),
    unreconciled: amount(found.control.unreconciled_micros),
    reconcilingItems: found.items.map((item) => ({
      cause: CAUSES[item.kind] ?? item.kind,
      amount: formatExact(item.amount_micros),
      records: item.records,
    })),
  };
}

/** A mail shows the likeliest; the rest is in the workspace. */
const SHOWN_FIXES = 3;

/** That it can be accepted stands in every mail; why it may be is news. */
const isWorthTelling = ({ fix }: SuggestedFix): boolean => fix.change.by !== 'accepting' || fix.change.because !== null;

/** `Net sales 49,840.44 → 58,635.56; till-daily passes`: what a reader needs to choose. */
function fixView({ ordinal, fix, preview }: SuggestedFix): ExceptionView['suggestedFixes'][number] {
  const moved = preview.metrics.filter((one) => one.before !== one.after);
  const effects = [
    ...moved.slice(0, SHOWN_FIXES).map(({ metric, before, after }) => `${metric} ${before ?? '—'} → ${after ?? '—'}`),
    ...preview.checks.filter((one) => one.after === 'passed').map((one) => `${one.check} passes`),
  ];
  return { id: fixName(ordinal), title: fix.title, effect: effects.length === 0 ? null : effects.join('; ') };
}

/** What the owner of an exception is told, from the attempt that found it last. */
export async function exceptionView(
  db: Db,
  model: OperatingModel,
  row: ExceptionRow,
  recipient: Person,
  deadline: Date,
): Promise<ExceptionView> {
  const { owner, escalateTo } = governanceOf(model, findingOf(row));
  const currency = row.currency ?? model.client.currency;
  const catalog = metricCatalog(model);
  const withheld = new Set(await withheldMetrics(db, row));
  const { month, state } = await findPeriod(db, row.client_id, monthOf(row.business_date));
  const matter = matterOf(row.kind, state);
  return {
    exceptionId: row.exception_id,
    version: row.version,
    client: { id: model.client.id, name: model.client.name },
    businessDate: row.business_date,
    currency,
    currencyDigits: minorDigits(currency),
    kind: row.kind,
    matter,
    monthNote: monthNote(matter, month, state),
    metricTitle: titleOf(model, row),
    finding: row.message,
    comparison: await comparisonView(db, row, currency),
    withholds: model.report.metrics.filter((id) => withheld.has(id)).map((id) => catalog.get(id)?.title ?? id),
    tried: (await attemptsSince(db, row)).map(triedOf),
    suggestedFixes: (await suggestedFixes(db, row.exception_id))
      .filter(isWorthTelling)
      .slice(0, SHOWN_FIXES)
      .map(fixView),
    owner: personOf(model, owner).name,
    escalateTo: personOf(model, escalateTo).name,
    deadline: deadline.toISOString(),
    recipient: { name: recipient.name, timezone: recipient.timezone },
    consoleUrl: null,
  };
}
