import type { CheckResult } from '../../domain/checks/result.ts';
import { judgeRows } from '../../domain/checks/row.ts';
import { type SourceAnswer, withoutEchoes } from '../../domain/checks/source-answer.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { type Finding, findingsOf } from '../../domain/publish/finding.ts';
import { compileWithholding, type NumberKey, type Withheld } from '../../domain/publish/withhold.ts';
import type { ControlResult } from '../../domain/reconcile.ts';
import type { CheckOf } from '../../schemas/operating-model.ts';
import { judgeMetricChecks } from '../postgres/checks/judge-metrics.ts';
import { judgeSources } from '../postgres/checks/judge-sources.ts';
import { computeDayValues, dimensionsOf } from '../postgres/metrics/day-values.ts';
import { ALL_STORES } from '../postgres/metrics/slices.ts';
import type { StoredValue } from '../postgres/metrics/values.ts';
import { compareDay } from '../postgres/reconcile/compare-day.ts';
import { storeTotals } from '../postgres/reconcile/totals.ts';
import { SourceFailure } from '../sources/failure.ts';
import { placeTotals } from '../sources/totals/place-totals.ts';
import { type FileControl, readTotals } from '../sources/totals/read-totals.ts';
import { countRows } from './check-rows.ts';
import type { Trial } from './try-day.ts';

/** What the close would make of a day, before any person decides. */
export type JudgedDay = {
  values: readonly StoredValue[];
  checks: readonly CheckResult[];
  controls: readonly ControlResult[];
  findings: readonly Finding[];
  withheld: (key: NumberKey) => Withheld | null;
};

/** Attempts count from one: no attempt has this number. */
const NO_ATTEMPT = 0;

const keyOf = ({ model, date }: Trial) => ({ clientId: model.document.client.id, businessDate: date });

async function judgeRecords(trial: Trial): Promise<CheckResult[]> {
  const { document, rules } = trial.model;
  const rowChecks = document.checks.filter((check): check is CheckOf<'row'> => check.kind === 'row');
  const results: CheckResult[] = [];
  for (const { id: sourceId, options } of document.sources) {
    const checks = rowChecks.filter((check) => check.source === sourceId);
    if (checks.length === 0) continue;
    const { format, delimiter } = options;
    const source = { sourceId, format, delimiter, rule: rules[sourceId]!, databaseUrl: trial.databaseUrl };
    const counts = await countRows(trial.session, { ...keyOf(trial), attempt: NO_ATTEMPT, ...source, checks });
    for (const [at, check] of checks.entries()) {
      const { id: checkId, kind, severity } = check;
      results.push({ checkId, kind, severity, subject: { source: sourceId }, ...judgeRows(check, counts[at]!) });
    }
  }
  return results;
}

async function judgeChecks(trial: Trial, answers: readonly SourceAnswer[]): Promise<CheckResult[]> {
  const { db } = trial.session;
  return withoutEchoes([
    ...(await judgeSources(db, keyOf(trial), trial.model.document, answers)),
    ...(await judgeRecords(trial)),
    ...(await judgeMetricChecks(db, keyOf(trial), trial.model.document)),
  ]);
}

async function readStated(trial: Trial, control: FileControl): Promise<void> {
  const found = await readTotals(control, trial.date, trial.roots);
  if (!found) return;
  const { path: origin, contentHash } = found;
  const { id: controlId, metric, evidence } = control;
  const totals = placeTotals(trial.model.document, control, found);
  const stated = { ...keyOf(trial), controlId, metric, evidence, origin, contentHash, totals };
  await storeTotals(trial.session.db, { ...stated, complete: true });
}

/** Reads the source-reported totals. As in the close, a file that cannot be read says nothing. */
async function readControls(trial: Trial): Promise<void> {
  for (const control of trial.model.document.controls) {
    if (control.connector !== 'file') continue;
    try {
      await readStated(trial, control);
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
    }
  }
}

/** Computes the day as the trial's transaction sees it, and judges it by the day's own checks and controls. */
export async function judgeDay(trial: Trial, answers: readonly SourceAnswer[]): Promise<JudgedDay> {
  const { document: model } = trial.model;
  const { db } = trial.session;
  const values = await computeDayValues([db], model, keyOf(trial), dimensionsOf(model));
  const checks = await judgeChecks(trial, answers);
  await readControls(trial);
  // Causes only name a difference; whether it passes they do not change.
  const controls = await compareDay(db, model, keyOf(trial), values, async () => new Map());
  const findings = findingsOf(model, checks, controls);
  const catalog = metricCatalog(model);
  return {
    values,
    checks,
    controls,
    findings,
    withheld: compileWithholding({ model, catalog, date: trial.date, controls, findings }),
  };
}

/** The client's totals among the values of a day. */
export function totalsOf({ model }: Pick<Trial, 'model'>, values: readonly StoredValue[]): StoredValue[] {
  const { stores } = model.document;
  const storeId = stores.length > 1 ? ALL_STORES : stores[0]!.id;
  return values.filter((value) => value.storeId === storeId && value.dimension === '');
}
