import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import { reasonWords } from '../../../domain/publish/reason-words.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { findExplained, type NumberKey, withheldReason } from '../../../infra/postgres/read/explain.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import { type ExplainQuery, explainDocument, explainQuery } from '../../../schemas/api/explain.ts';
import type { ApiDeps } from '../deps.ts';
import { valueText } from '../documents/amounts.ts';
import { explanationOf } from '../documents/explain.ts';
import { noMetric, notFound, type Problem, unprocessable } from '../problem.ts';
import { type Api, reading } from './route.ts';
import { latestModel } from './sources.ts';

/** Names the number that is asked for; a client with one store need not name it. */
async function keyOf(tx: Tx, clientId: string, query: ExplainQuery): Promise<NumberKey> {
  const { stores } = await latestModel(tx, clientId);
  if ((query.slice === undefined) !== (query.member === undefined))
    throw unprocessable(
      'half-a-slice',
      'A slice is a dimension and a member',
      'Name both slice and member, or neither.',
    );
  return {
    clientId,
    businessDate: query.date,
    metric: query.metric,
    storeId: query.store ?? (stores.length === 1 ? stores[0]!.id : ''),
    dimension: query.slice ?? '',
    member: query.member ?? '',
  };
}

async function notPublished(tx: Tx, key: NumberKey): Promise<Problem> {
  const what = `${key.metric} of ${key.clientId} on ${key.businessDate}`;
  const reason = await withheldReason(tx, key);
  if (reason !== undefined) return notFound('withheld', what, `It is withheld: ${reasonWords(reason)}.`);
  const catalog = metricCatalog(await latestModel(tx, key.clientId));
  return catalog.has(key.metric) ? notFound('not-published', what) : noMetric(key.clientId, key.metric, catalog.keys());
}

/** Why a published number is what it is. */
export function explanationRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/explanation',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Explain a published number, and compute it afresh',
        tags: ['numbers'],
        params: clientParams,
        querystring: explainQuery,
        response: answers({ 200: explainDocument }),
      },
    },
    async ({ caller, params: { client }, query, signal }) => {
      const { key, number, explanation, catalog } = await reading(deps, caller, async (tx) => {
        const key = await keyOf(tx, client, query);
        const number = await findExplained(tx, key, query.version ?? null);
        if (!number) throw await notPublished(tx, key);
        const catalog = metricCatalog(await latestModel(tx, client));
        return { key, number, catalog, explanation: await explanationOf(tx, key, number) };
      });
      const { valueMicros, records } = await deps.recompute.number(
        {
          databaseUrl: deps.databaseUrl,
          customerKey: deps.secrets.customerKey,
          certificateId: number.certificate_id,
          ...key,
        },
        signal,
      );
      const value = valueText(valueMicros, number.currency, { catalog, id: key.metric });
      return { ...explanation, recomputed: { value, equal: valueMicros === number.value_micros, records } };
    },
  );
}
