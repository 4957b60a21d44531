import { addDays, monthOf } from '../../domain/business-day.ts';
import { type Catalog, inputsOf, metricCatalog } from '../../domain/metrics/catalog.ts';
import type { DayTotal } from '../../domain/period/over-days.ts';
import type { ControlResult } from '../../domain/reconcile.ts';
import { yearEarlier } from '../../domain/year-earlier.ts';
import { type DayRecords, dayRecords } from '../../infra/postgres/capture/day-records.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import { totalsBetween } from '../../infra/postgres/publish/totals.ts';
import { loadWithheld, type WithheldNumber } from '../../infra/postgres/publish/withheld.ts';
import { loadControlResults } from '../../infra/postgres/reconcile/results.ts';
import { type DayCertificate, dayCertificates } from '../../infra/postgres/report/certificates.ts';
import { type CurrentNumber, currentNumbers, usualRecords } from '../../infra/postgres/report/numbers.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { DayKey } from '../capture.ts';
import { type PriorPeriodAdjustment, readAdjustments } from './adjustments.ts';

export const CHART_DAYS = 14;

/** Everything that a report is made of, read once. */
export type ReportMaterial = {
  date: string;
  model: OperatingModel;
  catalog: Catalog;
  numbers: readonly CurrentNumber[];
  withheld: readonly WithheldNumber[];
  controls: readonly Omit<ControlResult, 'items'>[];
  counts: readonly DayRecords[];
  /** What each source usually has on this weekday. */
  usual: ReadonlyMap<string, number>;
  /** Totals of the report's metrics and of what their ratios are made of: this month and the fourteen days. */
  history: readonly DayTotal[];
  /** The same totals over the same month of the year before, to the same day. */
  yearBefore: readonly DayTotal[];
  /** The present certificates of the day. */
  certificates: readonly DayCertificate[];
  /** Changes to months that are locked, which count in the month of the report. */
  adjustments: readonly PriorPeriodAdjustment[];
};

function historyMetrics(model: OperatingModel, catalog: Catalog): string[] {
  const parts = model.report.metrics.flatMap((id) => inputsOf(catalog.get(id)!));
  return [...new Set([...model.report.metrics, ...parts])];
}

/** Reads a day's report material, as the database shows it now. */
export async function readMaterial(db: Db, day: DayKey): Promise<ReportMaterial> {
  const { document: model } = await loadModel(db, day.clientId, day.modelVersion);
  const catalog = metricCatalog(model);
  const date = day.businessDate;
  const chartFrom = addDays(date, 1 - CHART_DAYS);
  const monthFrom = `${monthOf(date)}-01`;
  const metrics = historyMetrics(model, catalog);
  const from = chartFrom < monthFrom ? chartFrom : monthFrom;
  const yearBefore = { from: yearEarlier(monthFrom), to: yearEarlier(date) };
  return {
    date,
    model,
    catalog,
    numbers: await currentNumbers(db, day.clientId, date),
    withheld: await loadWithheld(db, day),
    controls: await loadControlResults(db, day),
    counts: await dayRecords(db, day.clientId, date),
    usual: await usualRecords(db, day.clientId, date),
    history: await totalsBetween(db, day.clientId, { from, to: date }, metrics),
    yearBefore: await totalsBetween(db, day.clientId, yearBefore, metrics),
    certificates: await dayCertificates(db, day.clientId, date),
    adjustments: await readAdjustments(db, day.clientId, monthOf(date)),
  };
}
