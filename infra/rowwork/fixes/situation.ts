import type { CheckResult } from '../../../domain/checks/result.ts';
import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { sourcesOf } from '../../../domain/publish/streams.ts';
import { type Contribution, contributionOf } from '../../../domain/reconcile/contribution.ts';
import type { ControlResult } from '../../../domain/reconcile.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import { loadCheckResults } from '../../postgres/checks/results.ts';
import { type DayModel, loadDayModel, type ModelledDay } from '../../postgres/close/day-model.ts';
import { loadValues, type StoredValue } from '../../postgres/metrics/values.ts';
import { effectiveVersion } from '../../postgres/model.ts';
import { type ExceptionRow, loadException } from '../../postgres/publish/exceptions.ts';
import { type LatestNumber, latestNumbers } from '../../postgres/publish/numbers.ts';
import { loadControlResults } from '../../postgres/reconcile/results.ts';
import type { Session } from '../../postgres/session.ts';

/**
 * What is known of an exception before anything is tried: its finding, its day, and the sources that it may come from.
 */
export type Situation = {
  session: Session;
  exception: ExceptionRow;
  day: ModelledDay;
  model: DayModel;
  catalog: Catalog;
  sources: readonly Source[];
  /** What a record's entries are to the metric of the finding; to sales as a whole where it has none. */
  contribution: Contribution;
  /** What the attempt that found it last computed and judged. */
  before: Results;
  /** What is published and would change; null where the finding is about anything else. */
  published: readonly LatestNumber[] | null;
};
export type Results = {
  values: readonly StoredValue[];
  checks: readonly CheckResult[];
  controls: readonly Omit<ControlResult, 'items'>[];
};

const ALL_SALES: Contribution = { by: 'amount', parts: [{ book: 'sales', kind: '*', times: 1 }] };

function sourcesInScope({ document, rules }: DayModel, catalog: Catalog, exception: ExceptionRow): readonly Source[] {
  const { source_id: source, store_id: store, metric } = exception;
  if (source !== null) return document.sources.filter((one) => one.id === source);
  const ofStore = document.sources.filter((one) => store === '' || rules[one.id]!.storeId === store);
  if (metric === null) return ofStore;
  const read = sourcesOf(document, catalog, metric);
  return ofStore.filter((one) => read.has(one.id));
}

async function resultsOf({ db }: Session, row: ExceptionRow): Promise<Results> {
  const key = { clientId: row.client_id, businessDate: row.business_date, attempt: row.last_attempt };
  return {
    values: await loadValues(db, key),
    checks: await loadCheckResults(db, key),
    controls: await loadControlResults(db, key),
  };
}

/** Reads what an exception is about; null where it is unknown or no model holds for its day. */
export async function readSituation(session: Session, exceptionId: string): Promise<Situation | null> {
  const exception = await loadException(session.db, exceptionId);
  if (!exception) return null;
  const { client_id: clientId, business_date: businessDate } = exception;
  // That of the next attempt: a model that was corrected meanwhile is part of what is tried.
  const modelVersion = await effectiveVersion(session.db, clientId, businessDate);
  if (modelVersion === undefined) return null;
  const day = { clientId, businessDate, modelVersion };
  const model = await loadDayModel(session.db, day);
  const catalog = metricCatalog(model.document);
  return {
    session,
    exception,
    day,
    model,
    catalog,
    sources: sourcesInScope(model, catalog, exception),
    contribution: (exception.metric !== null && contributionOf(catalog, exception.metric)) || ALL_SALES,
    before: await resultsOf(session, exception),
    published: exception.kind === 'revision' ? await latestNumbers(session.db, clientId, businessDate) : null,
  };
}
