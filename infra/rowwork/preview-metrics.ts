import type { CheckResult } from '../../domain/checks/result.ts';
import { judgeRows } from '../../domain/checks/row.ts';
import { type SourceAnswer, withoutEchoes } from '../../domain/checks/source-answer.ts';
import { minorDigits } from '../../domain/currency.ts';
import { type Catalog, metricCatalog } from '../../domain/metrics/catalog.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import { findingsOf } from '../../domain/publish/finding.ts';
import { compileWithholding, type Withheld } from '../../domain/publish/withhold.ts';
import type { ControlResult } from '../../domain/reconcile.ts';
import type { CheckOf, OperatingModel } from '../../schemas/operating-model.ts';
import { judgeMetricChecks } from '../postgres/checks/judge-metrics.ts';
import { judgeSources } from '../postgres/checks/judge-sources.ts';
import { computeDayValues, dimensionsOf } from '../postgres/metrics/day-values.ts';
import { ALL_STORES } from '../postgres/metrics/slices.ts';
import type { StoredValue } from '../postgres/metrics/values.ts';
import { compareDay } from '../postgres/reconcile/compare-day.ts';
import { storeTotals } from '../postgres/reconcile/totals.ts';
import type { Session } from '../postgres/session.ts';
import { SourceFailure } from '../sources/failure.ts';
import { placeTotals } from '../sources/totals/place-totals.ts';
import { type FileControl, readTotals } from '../sources/totals/read-totals.ts';
import { countRows } from './check-rows.ts';

export type PreviewedMetric = {
  metric: string;
  definition: string;
  slice: null;
  value: string | null;
  currency: string | null;
  /** What the close would make of it, before any person decides. */
  status: 'published' | 'withheld' | 'undefined';
  /** Why it would be withheld. */
  reason?: string;
};

/** A day that is captured and normalized, in a transaction that is rolled back later. */
export type PreviewedDay = {
  databaseUrl: string;
  roots: readonly string[];
  model: OperatingModel;
  date: string;
  answers: readonly SourceAnswer[];
};

/** Attempts count from one: no attempt has this number. */
const NO_ATTEMPT = 0;

const keyOf = ({ model, date }: PreviewedDay) => ({ clientId: model.client.id, businessDate: date });

async function judgeRecords(session: Session, day: PreviewedDay): Promise<CheckResult[]> {
  const rowChecks = day.model.checks.filter((check): check is CheckOf<'row'> => check.kind === 'row');
  const results: CheckResult[] = [];
  for (const { id: sourceId, schema, options } of day.model.sources) {
    const checks = rowChecks.filter((check) => check.source === sourceId);
    if (checks.length === 0) continue;
    const { format, delimiter } = options;
    const { databaseUrl } = day;
    const input = { ...keyOf(day), attempt: NO_ATTEMPT, databaseUrl, sourceId, format, delimiter, schema, checks };
    const counts = await countRows(session, input);
    for (const [at, check] of checks.entries()) {
      const { id: checkId, kind, severity } = check;
      results.push({ checkId, kind, severity, subject: { source: sourceId }, ...judgeRows(check, counts[at]!) });
    }
  }
  return results;
}

async function judgeChecks(session: Session, day: PreviewedDay): Promise<CheckResult[]> {
  return withoutEchoes([
    ...(await judgeSources(session.db, keyOf(day), day.model, day.answers)),
    ...(await judgeRecords(session, day)),
    ...(await judgeMetricChecks(session.db, keyOf(day), day.model)),
  ]);
}

async function readStated({ db }: Session, day: PreviewedDay, control: FileControl): Promise<void> {
  const found = await readTotals(control, day.date, day.roots);
  if (!found) return;
  const { path: origin, contentHash } = found;
  const { id: controlId, metric, evidence } = control;
  const totals = placeTotals(day.model, control, found);
  await storeTotals(db, { ...keyOf(day), controlId, metric, evidence, origin, contentHash, totals, complete: true });
}

/** Reads the source-reported totals. As in the close, a file that cannot be read says nothing. */
async function readControls(session: Session, day: PreviewedDay): Promise<void> {
  for (const control of day.model.controls) {
    if (control.connector !== 'file') continue;
    try {
      await readStated(session, day, control);
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
    }
  }
}

async function compareControls(
  session: Session,
  day: PreviewedDay,
  values: readonly StoredValue[],
): Promise<ControlResult[]> {
  await readControls(session, day);
  // Causes only name a difference; whether it passes they do not change.
  return compareDay(session.db, day.model, keyOf(day), values, async () => new Map());
}

function printed({ valueMicros, currency }: StoredValue, isCount: boolean): string | null {
  if (valueMicros === null) return null;
  if (currency !== null) return formatMicros(valueMicros, minorDigits(currency));
  return isCount ? formatMicros(valueMicros, 0) : formatExact(valueMicros);
}

/** A number that a finding holds back is still shown: it is what the finding speaks of. */
function previewed(catalog: Catalog, value: StoredValue, held: Withheld | null): PreviewedMetric {
  const { metric, definition, currency } = value;
  const text = held?.finding === null ? null : printed(value, catalog.get(metric)?.unit === 'count');
  const common = { metric, definition, slice: null, value: text, currency };
  if (held) return { ...common, status: 'withheld', reason: held.reason };
  return { ...common, status: text === null ? 'undefined' : 'published' };
}

/** The client's totals, and what the close would make of them by its own checks and controls. */
export async function previewMetrics(session: Session, day: PreviewedDay): Promise<PreviewedMetric[]> {
  const { model, date } = day;
  const values = await computeDayValues(session.db, model, keyOf(day), dimensionsOf(model));
  const checks = await judgeChecks(session, day);
  const controls = await compareControls(session, day, values);
  const catalog = metricCatalog(model);
  const findings = findingsOf(model, checks, controls);
  const withheld = compileWithholding({ model, catalog, date, controls, findings });
  const storeId = model.stores.length > 1 ? ALL_STORES : model.stores[0]!.id;
  return values
    .filter((value) => value.storeId === storeId && value.dimension === '')
    .map((value) => previewed(catalog, value, withheld(value)));
}
