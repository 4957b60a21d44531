import { minorDigits } from '../../../domain/currency.ts';
import { closeWorkflowId } from '../../../domain/ids.ts';
import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { definitionId } from '../../../domain/metrics/definition.ts';
import { formatMicros } from '../../../domain/money.ts';
import { type DayRecords, dayRecords } from '../../../infra/postgres/capture/day-records.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../../infra/postgres/model.ts';
import { postedAbout } from '../../../infra/postgres/period/adjustments.ts';
import { loadWithheld, type WithheldNumber } from '../../../infra/postgres/publish/withheld.ts';
import { type DayState, exceptionsOfDay, itemsOfAttempt, lapsedDays } from '../../../infra/postgres/read/day.ts';
import { unmatchedOfDay } from '../../../infra/postgres/read/events.ts';
import { FIRST_QUARANTINED, quarantinedRecord, quarantinedRecords } from '../../../infra/postgres/read/exceptions.ts';
import { handoffsOfDay } from '../../../infra/postgres/read/handoffs.ts';
import { loadControlResults } from '../../../infra/postgres/reconcile/results.ts';
import { type CurrentNumber, currentNumbers } from '../../../infra/postgres/report/numbers.ts';
import type { CloseDocument } from '../../../schemas/api/closes.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { instantText, storeOf, valueText } from './amounts.ts';
import { controlDocument } from './control.ts';
import { handoffSummaryOf } from './handoff.ts';
import { standingOf } from './period-standing.ts';

type Day = { clientId: string; state: DayState; model: OperatingModel; catalog: Catalog; several: boolean };
type Metric = CloseDocument['metrics'][number];

/** What a day shows: what the report shows, the client's own metrics, and those that are compared. */
const shownMetrics = ({ model }: Day): string[] => [
  ...new Set([
    ...model.report.metrics,
    ...model.metrics.map((one) => one.id),
    ...model.controls.map((one) => one.metric),
  ]),
];

function publishedMetric({ several, catalog, state }: Day, one: CurrentNumber): Metric {
  return {
    metric: one.metric,
    definition: one.definition,
    ...storeOf(several, one.store_id),
    slice: null,
    version: one.version,
    value: valueText(one.value_micros, one.currency, { catalog, id: one.metric }),
    currency: one.currency,
    status: one.status,
    certificate: one.certificate,
    ...(one.certificate === 'lapsed' && state.lapse_reason !== null && { reason: state.lapse_reason }),
  };
}

function withheldMetric({ several, catalog }: Day, one: WithheldNumber): Metric {
  const metric = catalog.get(one.metric);
  return {
    metric: one.metric,
    definition: metric ? definitionId(metric) : one.metric,
    ...storeOf(several, one.storeId),
    slice: null,
    version: null,
    value: null,
    currency: null,
    status: 'withheld',
    certificate: null,
    reason: one.reason,
  };
}

/**
 * Totals in the order of the report; of each metric the client's first, then its stores'. What was published stands.
 */
async function metricsOf(db: Db, day: Day): Promise<Metric[]> {
  const { clientId, state } = day;
  const key = { clientId, businessDate: state.business_date, attempt: state.results_of };
  const numbers = (await currentNumbers(db, clientId, state.business_date)).filter((one) => one.dimension === '');
  const withheld = (await loadWithheld(db, key)).filter((one) => one.dimension === '');
  const stands = new Set(numbers.map((one) => `${one.metric}/${one.store_id}`));
  return shownMetrics(day).flatMap((id) => [
    ...numbers.filter((one) => one.metric === id).map((one) => publishedMetric(day, one)),
    ...withheld
      .filter((one) => one.metric === id && !stands.has(`${id}/${one.storeId}`))
      .map((one) => withheldMetric(day, one)),
  ]);
}

async function controlsOf(db: Db, { clientId, state, several, catalog }: Day): Promise<CloseDocument['controls']> {
  const key = { clientId, businessDate: state.business_date, attempt: state.results_of };
  const items = await itemsOfAttempt(db, clientId, state.business_date, state.results_of);
  return (await loadControlResults(db, key)).map((one) => ({
    ...controlDocument(one, items, catalog),
    metric: one.metric,
    ...storeOf(several, one.storeId),
  }));
}

async function capturedOf(db: Db, { clientId, state, model }: Day): Promise<CloseDocument['captured']> {
  const sources = new Set(model.sources.map((one) => one.id));
  const counted = (await dayRecords(db, clientId, state.business_date)).filter((one) => sources.has(one.sourceId));
  const total = (count: (one: DayRecords) => number) => counted.reduce((sum, one) => sum + count(one), 0);
  const inSuspense = counted.reduce((sum, one) => sum + (one.inSuspenseMicros ?? 0n), 0n);
  return {
    records: total((one) => one.read),
    quarantined: total((one) => one.quarantined),
    duplicates: total((one) => one.duplicates),
    inSuspense: formatMicros(inSuspense, minorDigits(model.client.currency)),
  };
}

async function modelOf(db: Db, clientId: string, state: DayState): Promise<OperatingModel> {
  const version =
    state.model_version ?? state.attempt_model ?? (await effectiveVersion(db, clientId, state.business_date));
  return (await loadModel(db, clientId, version!)).document;
}

function awaitedOf({ waiting_for }: DayState): Pick<CloseDocument, 'waitingFor'> {
  const waitingFor = Object.entries(waiting_for ?? {}).map(([source, awaited]) => ({ source, ...awaited }));
  return waitingFor.length === 0 ? {} : { waitingFor };
}

/**
 * The close document of a day: how it ended, what was captured, published and compared, and what waits for a person.
 */
export async function closeDocumentOf(db: Db, clientId: string, state: DayState): Promise<CloseDocument> {
  const model = await modelOf(db, clientId, state);
  const day = { clientId, state, model, catalog: metricCatalog(model), several: model.stores.length > 1 };
  const quarantinedOf = {
    clientId,
    businessDate: state.business_date,
    sources: model.sources.map((one) => one.id),
  };
  const unmatchedEvents = await unmatchedOfDay(db, clientId, state.business_date);
  const exceptions = await exceptionsOfDay(db, clientId, state.business_date);
  return {
    client: clientId,
    businessDate: state.business_date,
    attempt: state.attempt,
    workflowId: closeWorkflowId(clientId, state.business_date),
    status: state.status,
    ...(state.stage !== null && { stage: state.stage }),
    ...awaitedOf(state),
    ...(state.error !== null && { error: state.error }),
    captured: await capturedOf(db, day),
    quarantined: (await quarantinedRecords(db, quarantinedOf, FIRST_QUARANTINED)).map(quarantinedRecord),
    metrics: await metricsOf(db, day),
    controls: await controlsOf(db, day),
    handoffs: (await handoffsOfDay(db, clientId, state.business_date)).map(handoffSummaryOf),
    exceptions: exceptions.map(({ exception_id, deadline, ...one }) => ({
      id: exception_id,
      ...one,
      deadline: instantText(deadline),
    })),
    lapsed: state.lapsed_at && {
      at: state.lapsed_at.toISOString(),
      reason: state.lapse_reason ?? 'an input of the day changed',
    },
    ...(unmatchedEvents > 0 && { unmatchedEvents }),
    ...(await standingOf(
      db,
      clientId,
      state.business_date,
      day.catalog,
      postedAbout(db, clientId, state.business_date, state.business_date),
    )),
    lapsedDays: await lapsedDays(db, clientId),
  };
}
