import type { FastifyBaseLogger } from 'fastify';
import { isUnreleased } from '../../../domain/delivery.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { queueAgain, releaseDraft } from '../../../infra/postgres/delivery/release.ts';
import { findDelivery, type ListedDelivery, listDeliveries } from '../../../infra/postgres/read/deliveries.ts';
import { wakeOutbox } from '../../../infra/temporal/wake-outbox.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  type DeliveryDocument,
  deliveryDocument,
  deliveryList,
  deliveryParams,
  deliveryQuery,
  LISTED_DELIVERIES,
  releaseBody,
  resendBody,
} from '../../../schemas/api/deliveries.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { deliveryDocumentOf, listedDelivery } from '../documents/delivery.ts';
import { notFound, Problem } from '../problem.ts';
import { type Api, reading, requireClient, requireKnown, writing } from './route.ts';

const WOKEN_WITHIN_MS = 5_000;

type Said = { reason?: string; onBehalfOf?: string };

async function load(tx: Tx, id: string): Promise<ListedDelivery> {
  const row = await findDelivery(tx, id);
  if (!row) throw notFound('unknown-delivery', `Delivery ${id}`);
  return row;
}

type Words = [title: string, detail: string];

function supersededWords({ delivery_id: id, superseded_by: newer, incident_id }: ListedDelivery): Words {
  if (newer !== null)
    return [
      'A newer one took its place',
      `Delivery ${id} shows an earlier version of the report; ${newer} is the newer one.`,
    ];
  const why =
    incident_id === null
      ? 'sets right what needs no correction any more: the numbers are what was told.'
      : `tells of incident ${incident_id}, which is over.`;
  return ['It no longer holds', `Delivery ${id} ${why}`];
}

/** Throws a 409 for what may not leave: each says what stands in the way. */
function refuseUnreleased(row: ListedDelivery, verb: string): void {
  const { delivery_id: id, status } = row;
  if (!isUnreleased(status)) return;
  const [kind, title, detail] =
    status === 'superseded'
      ? ['superseded', ...supersededWords(row)]
      : status === 'stored'
        ? [
            'never-sent',
            'It is kept and never sent',
            `Delivery ${id} was made in shadow, for nobody, or for whoever cannot be reached any more: it goes nowhere.`,
          ]
        : [
            'not-released',
            'It is a draft',
            `Delivery ${id} is a draft that nobody has released, so it cannot be ${verb}.`,
          ];
  throw new Problem(409, kind, title, detail);
}

const audit = (tx: Tx, deps: ApiDeps, caller: Caller, action: string, row: ListedDelivery, said: Said) =>
  appendAudit(tx, deps.secrets.auditKey, {
    clientId: row.client_id,
    businessDate: row.business_date,
    actor: caller.person,
    onBehalfOf: said.onBehalfOf,
    action,
    subject: String(row.delivery_id),
    detail: {
      kind: row.kind,
      destination: row.destination_id,
      reportVersion: row.report_version,
      recipients: row.recipients,
      ...(said.reason !== undefined && { reason: said.reason }),
    },
  });

/** What waits is sent by its outbox. Where Temporal is away, the installation's reconcile wakes it later. */
async function wake({ temporal }: ApiDeps, log: FastifyBaseLogger, row: ListedDelivery): Promise<void> {
  const outbox = { clientId: row.client_id, destinationId: row.destination_id };
  await temporal
    .withDeadline(Date.now() + WOKEN_WITHIN_MS, () => wakeOutbox(temporal, outbox))
    .catch((error: unknown) => log.warn({ err: error, ...outbox }, 'the outbox could not be woken'));
}

const documentOf = (deps: ApiDeps, caller: Caller, id: string): Promise<DeliveryDocument> =>
  reading(deps, caller, async (tx) => deliveryDocumentOf(tx, await load(tx, id), deps.pages));

function listRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/deliveries',
    {
      config: { right: 'read' },
      schema: {
        summary: 'List deliveries',
        tags: ['deliveries'],
        querystring: deliveryQuery,
        response: answers({ 200: deliveryList }),
      },
    },
    ({ caller, query: { client = null, date = null, state = null, kind = null, limit = LISTED_DELIVERIES } }) =>
      reading(deps, caller, async (tx) => {
        if (client !== null) await requireClient(tx, client);
        const found = await listDeliveries(tx, { client, date, state, kind }, limit + 1);
        return { deliveries: found.slice(0, limit).map(listedDelivery), more: found.length > limit };
      }),
  );
}

function showRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/deliveries/:id',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show a delivery as its receiver gets it, with every try',
        tags: ['deliveries'],
        params: deliveryParams,
        response: answers({ 200: deliveryDocument }),
      },
    },
    ({ caller, params: { id } }) => documentOf(deps, caller, id),
  );
}

function releaseRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/deliveries/:id/release',
    {
      config: { right: 'delivery.release' },
      schema: {
        summary: 'Let a draft out',
        tags: ['deliveries'],
        params: deliveryParams,
        body: releaseBody,
        response: answers({ 200: deliveryDocument }),
      },
    },
    async ({ caller, params: { id }, body, log }) => {
      const row = await writing(deps, caller, async (tx) => {
        const draft = await load(tx, id);
        await requireKnown(tx, caller, [draft.client_id], body.onBehalfOf);
        if (await releaseDraft(tx, draft.delivery_id, caller.person))
          await audit(tx, deps, caller, 'delivery.released', draft, body);
        // Another transaction may have taken the draft's place since it was read.
        else refuseUnreleased(await load(tx, id), 'released');
        return draft;
      });
      await wake(deps, log, row);
      return documentOf(deps, caller, id);
    },
  );
}

function resendRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/deliveries/:id/resend',
    {
      config: { right: 'delivery.resend' },
      schema: {
        summary: 'Send a delivery once more, as it was, under the same key',
        tags: ['deliveries'],
        params: deliveryParams,
        body: resendBody,
        response: answers({ 200: deliveryDocument }),
      },
    },
    async ({ caller, params: { id }, body, log }) => {
      const row = await writing(deps, caller, async (tx) => {
        const one = await load(tx, id);
        await requireKnown(tx, caller, [one.client_id], body.onBehalfOf);
        refuseUnreleased(one, 'sent again');
        if (await queueAgain(tx, one.delivery_id, body.requestId))
          await audit(tx, deps, caller, 'delivery.resent', one, body);
        return one;
      });
      await wake(deps, log, row);
      return documentOf(deps, caller, id);
    },
  );
}

/** What goes out: drafts that wait, what was sent to whom, and every try. */
export function deliveryRoutes(api: Api, deps: ApiDeps): void {
  listRoute(api, deps);
  showRoute(api, deps);
  releaseRoute(api, deps);
  resendRoute(api, deps);
}
