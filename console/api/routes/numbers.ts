import type { Catalog } from '../../../domain/metrics/catalog.ts';
import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import { findVersion } from '../../../infra/postgres/read/clients.ts';
import { findNumbers, type NumberRow } from '../../../infra/postgres/read/numbers.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import { type NumberList, numberList, numberQuery } from '../../../schemas/api/numbers.ts';
import type { ApiDeps } from '../deps.ts';
import { valueText } from '../documents/amounts.ts';
import { noClient, noMetric, unprocessable } from '../problem.ts';
import { type Api, reading } from './route.ts';

const MOST_NUMBERS = 50_000;

const toNumber = (client: string, catalog: Catalog, row: NumberRow): NumberList['numbers'][number] => ({
  client,
  store: row.store_id,
  metric: row.metric,
  definition: row.definition,
  slice: row.dimension === '' ? null : { dimension: row.dimension, member: row.member },
  businessDate: row.business_date,
  version: row.version,
  value: valueText(row.value_micros, row.currency, { catalog, id: row.metric }),
  currency: row.currency,
  status: row.status,
  finality: row.finality,
  reason: row.reason,
  certificate: row.certificate,
  publishedAt: row.published_at.toISOString(),
});

function assertBounded(rows: readonly NumberRow[]): void {
  if (rows.length <= MOST_NUMBERS) return;
  throw unprocessable(
    'too-many-numbers',
    'Too many numbers at once',
    `The request asks for more than ${MOST_NUMBERS} numbers. Name a metric, or fewer days with from and to.`,
  );
}

/** A metric that the client had once still has its numbers. */
function assertKnown(client: string, metric: string | undefined, catalog: Catalog, rows: readonly NumberRow[]): void {
  if (metric === undefined || catalog.has(metric) || rows.length > 0) return;
  throw noMetric(client, metric, catalog.keys());
}

/** Published numbers. */
export function numberRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/numbers',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Read published numbers',
        tags: ['numbers'],
        params: clientParams,
        querystring: numberQuery,
        response: answers({ 200: numberList }),
      },
    },
    ({ caller, params: { client }, query }) =>
      reading(deps, caller, async (tx) => {
        const model = await findVersion(tx, client, null);
        if (!model) throw noClient(client);
        const filter = {
          clientId: client,
          metric: query.metric ?? null,
          from: query.from ?? null,
          to: query.to ?? null,
          dimension: query.slice ?? '',
          allVersions: query.allVersions ?? false,
        };
        const rows = await findNumbers(tx, filter, MOST_NUMBERS + 1);
        assertBounded(rows);
        const catalog = metricCatalog(model.document);
        assertKnown(client, query.metric, catalog, rows);
        return { numbers: rows.map((row) => toNumber(client, catalog, row)) };
      }),
  );
}
