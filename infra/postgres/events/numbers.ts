import { sql } from 'kysely';
import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { valueText } from '../../../domain/metrics/print-value.ts';
import type { OccurredEvent } from '../../../domain/routing/events.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { emitEvents } from './emit.ts';

type PublishedRow = {
  store_id: string;
  metric: string;
  definition: string;
  version: number;
  value_micros: bigint | null;
  previous_micros: bigint | null;
  currency: string | null;
  status: string;
  finality: string;
  reason: string | null;
  certificate: string;
};

/** The totals that an attempt has published, each with the version before it. */
async function publishedTotals(tx: Db, { clientId, businessDate, attempt }: AttemptKey): Promise<PublishedRow[]> {
  const { rows } = await sql<PublishedRow>`
    select n.store_id, n.metric, n.definition, n.version, n.value_micros, p.value_micros as previous_micros, n.currency,
      n.status, n.finality, n.reason, c.state as certificate
    from published_number n
    join certificate c using (certificate_id)
    left join published_number p on p.client_id = n.client_id and p.business_date = n.business_date and p.metric = n.metric
      and p.store_id = n.store_id and p.dimension = n.dimension and p.member = n.member and p.version = n.version - 1
    where n.client_id = ${clientId} and n.business_date = ${businessDate} and n.attempt = ${attempt} and n.dimension = ''
    order by n.store_id, n.metric, n.version`.execute(tx);
  return rows;
}

function eventOf({ clientId, businessDate }: AttemptKey, catalog: Catalog, row: PublishedRow): OccurredEvent {
  const { value_micros: now, previous_micros: before, store_id: store, ...facts } = row;
  const type = row.version === 1 ? 'number.published' : 'number.revised';
  const print = (micros: bigint | null) => valueText(micros, row.currency, { catalog, id: row.metric });
  const change = now === null || before === null ? null : now - before;
  return {
    id: [type, clientId, businessDate, store, row.metric, row.version].join('/'),
    type,
    clientId,
    businessDate,
    facts: { ...facts, store, value: print(now), previous: print(before), change: print(change) },
  };
}

/** Notes the totals that an attempt has published as events, all in one insert. Slices are no events. */
export async function emitPublished(tx: Db, key: AttemptKey, model: OperatingModel): Promise<void> {
  const catalog = metricCatalog(model);
  const rows = await publishedTotals(tx, key);
  await emitEvents(
    tx,
    model,
    rows.map((row) => eventOf(key, catalog, row)),
  );
}
