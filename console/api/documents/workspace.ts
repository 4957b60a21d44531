import { minorDigits } from '../../../domain/currency.ts';
import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import { formatExact, formatMicros } from '../../../domain/money.ts';
import { sourcesOf } from '../../../domain/publish/streams.ts';
import { dayRecords } from '../../../infra/postgres/capture/day-records.ts';
import { recordCounts } from '../../../infra/postgres/checks/records.ts';
import { loadDayModel } from '../../../infra/postgres/close/day-model.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { effectiveVersion } from '../../../infra/postgres/model.ts';
import type { ExceptionRow } from '../../../infra/postgres/publish/exceptions.ts';
import { capturesOf, claimedRecords, weekdayHistory } from '../../../infra/postgres/read/workspace.ts';
import { attemptsSince, withheldMetrics } from '../../../infra/postgres/review/facts.ts';
import type { Workspace } from '../../../schemas/api/workspace.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { instantText, valueText } from './amounts.ts';

const RECORDS_OF_ITEM = 20;
const WEEKS = 8;

type Upstream = Workspace['lineage']['upstream'];

/** Every reconciling item with the records behind it, those that weigh most first. */
async function bridgeOf(db: Db, row: ExceptionRow): Promise<Workspace['bridge']> {
  if (row.control_id === null) return [];
  const claimed = await claimedRecords(db, row, RECORDS_OF_ITEM);
  const text = (micros: bigint) =>
    row.currency === null ? formatExact(micros) : formatMicros(micros, minorDigits(row.currency));
  return [...Map.groupBy(claimed, (one) => `${one.kind}/${one.detail}`).values()].map((own) => {
    const { kind, detail, item_micros, records } = own[0]!;
    return {
      kind,
      detail,
      amount: text(item_micros),
      records,
      largest: own.map((one) => ({ place: one.place, key: one.business_key, amount: formatExact(one.amount_micros) })),
    };
  });
}

async function historyOf(db: Db, model: OperatingModel, row: ExceptionRow): Promise<Workspace['history']> {
  if (row.metric === null) return [];
  const metric = { catalog: metricCatalog(model), id: row.metric };
  return (await weekdayHistory(db, row, WEEKS)).map((one) => ({
    businessDate: one.business_date,
    value: valueText(one.value_micros, one.currency, metric),
    currency: one.currency,
    certificate: one.state,
  }));
}

/** The sources behind the finding: what was read of each, and by which transform. */
async function upstreamOf(db: Db, model: OperatingModel, row: ExceptionRow): Promise<Upstream> {
  const { client_id: clientId, business_date: date } = row;
  const read = row.metric === null ? null : sourcesOf(model, metricCatalog(model), row.metric);
  const sources = model.sources.filter((one) =>
    row.source_id === null ? (read?.has(one.id) ?? true) : one.id === row.source_id,
  );
  const captures = Map.groupBy(await capturesOf(db, clientId, date), (one) => one.source_id);
  const ofDay = await dayRecords(db, clientId, date);
  const upstream: Upstream = [];
  for (const { id, contract } of sources) {
    const counts = recordCounts(ofDay, id);
    const [newest] = captures.get(id) ?? [];
    upstream.push({
      source: id,
      owner: contract.owner,
      records: counts.records,
      quarantined: counts.quarantined,
      duplicates: counts.duplicates,
      transform: newest?.normalized_with ? `${id}@${newest.normalized_with}` : null,
      captures: (captures.get(id) ?? []).map((one) => ({
        file: one.file_name,
        at: one.captured_at.toISOString(),
        records: one.records,
        new: one.new_records,
        changed: one.changed_records,
        gone: one.gone_records,
      })),
    });
  }
  return upstream;
}

async function triedOf(db: Db, row: ExceptionRow): Promise<Workspace['tried']> {
  return (await attemptsSince(db, row)).map((one) => ({
    attempt: one.attempt,
    cause: one.cause,
    beginsAt: one.begins_at,
    status: one.status,
    error: one.error,
    startedAt: one.started_at.toISOString(),
    endedAt: instantText(one.ended_at),
  }));
}

/** Everything about an exception that a person needs to find its cause. */
export async function workspaceOf(db: Db, row: ExceptionRow): Promise<Workspace> {
  const { client_id: clientId, business_date: businessDate } = row;
  const modelVersion = (await effectiveVersion(db, clientId, businessDate))!;
  const { document: model } = await loadDayModel(db, { clientId, businessDate, modelVersion });
  return {
    bridge: await bridgeOf(db, row),
    history: await historyOf(db, model, row),
    lineage: {
      upstream: await upstreamOf(db, model, row),
      downstream: {
        metrics: await withheldMetrics(db, row),
        report: model.report.id,
        destinations: model.report.destinations.map((one) => one.id),
      },
    },
    tried: await triedOf(db, row),
  };
}
