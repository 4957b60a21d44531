import { createHash } from 'node:crypto';
import { formatExact, InexactAmountError, parseMicros } from '../../../domain/money.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import { storeTotals } from '../../../infra/postgres/reconcile/totals.ts';
import { answers } from '../../../schemas/api/common.ts';
import { controlParams, statedTotal, totalBody } from '../../../schemas/api/sources.ts';
import type { Control, OperatingModel } from '../../../schemas/operating-model.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound, type Problem, unprocessable } from '../problem.ts';
import { type Api, writing } from './route.ts';
import { latestModel } from './sources.ts';

const refused = (path: string, found: string, expected: string): Problem =>
  unprocessable(
    'invalid-total',
    'The total does not fit the control',
    `${path}: found ${found}, expected ${expected}. Nothing was kept.`,
    {
      problems: [{ path, found, expected }],
    },
  );

/** A total that names no store is of the control's store, of the only one, or of the client as a whole. */
function storeOf({ stores }: OperatingModel, control: Control, named: string | undefined): string {
  const known = stores.map((store) => store.id);
  const store = named ?? control.store ?? (stores.length === 1 ? known[0]! : '');
  if (store === '' || known.includes(store)) return store;
  throw refused('store', store, `one of ${known.join(', ')}`);
}

function sliceOf(control: Control, named: string | undefined): string | null {
  if (control.slice === undefined && named !== undefined)
    throw refused('slice', named, 'nothing: the control compares the total');
  if (control.slice !== undefined && named === undefined)
    throw refused('slice', 'nothing', `a member of ${control.slice}`);
  return named ?? null;
}

function microsOf(value: string): bigint {
  try {
    return parseMicros(value);
  } catch (error) {
    if (!(error instanceof InexactAmountError)) throw error;
    throw refused('value', value, 'an amount with at most six decimals');
  }
}

function controlOf(model: OperatingModel, id: string): Control {
  const control = model.controls.find((one) => one.id === id);
  if (!control)
    throw notFound(
      'unknown-control',
      `Control ${id} of ${model.client.id}`,
      `It has: ${model.controls.map((one) => one.id).join(', ') || 'none'}.`,
    );
  if (control.connector === 'api') return control;
  throw unprocessable(
    'control-reads-file',
    'The control reads a file',
    `${id} takes its totals from a file. Deliver that file, or make its connector api in the operating model.`,
  );
}

/** Totals that a platform, or a person reading its report, states. */
export function controlRoutes(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/controls/:control/totals',
    {
      config: { right: 'total.send' },
      schema: {
        summary: 'State a source-reported total',
        tags: ['sources'],
        params: controlParams,
        body: totalBody,
        response: answers({ 200: statedTotal }),
      },
    },
    ({ caller, params: { client, control: id }, body }) =>
      writing(deps, caller, async (tx) => {
        const model = await latestModel(tx, client);
        const control = controlOf(model, id);
        const place = {
          storeId: storeOf(model, control, body.store),
          slice: sliceOf(control, body.slice),
          valueMicros: microsOf(body.value),
        };
        const value = formatExact(place.valueMicros);
        const stated = await storeTotals(tx, {
          clientId: client,
          controlId: id,
          metric: control.metric,
          businessDate: body.businessDate,
          evidence: control.evidence,
          origin: `api:${caller.person}`,
          contentHash: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
          totals: [place],
          complete: false,
        });
        if (stated > 0)
          await appendAudit(tx, deps.secrets.auditKey, {
            clientId: client,
            businessDate: body.businessDate,
            actor: caller.person,
            onBehalfOf: body.onBehalfOf,
            action: 'total.stated',
            subject: id,
            detail: { value, store: place.storeId, slice: place.slice },
          });
        return { control: id, businessDate: body.businessDate, value, changed: stated > 0 };
      }),
  );
}
