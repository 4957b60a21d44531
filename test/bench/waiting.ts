import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { tell } from './figures.ts';
import type { Installation } from './installation.ts';
import { writeModel } from './model.ts';

const CLIENT = 'bench-waiting';
const AT_ONCE = 50;
const SETTLED_WITHIN_MS = 10 * 60_000;

type Waiting = { exception_id: string; business_date: string };

/** One open question for each of so many days, each with a deadline in 90 days. */
const INSERT = `
  with day as (
    insert into business_day (client_id, business_date, status, attempt)
    select $1, date '2025-01-01' - n, 'waiting', 1 from generate_series(1, $2::integer) n
    returning business_date)
  insert into exception (exception_id, client_id, business_date, kind, subject, store_id, metric, owner, deputy, state,
    input_hash, difference_micros, currency, message, withheld, opened_attempt, last_attempt, responsible, asked_at, deadline)
  select $1 || '-' || business_date, $1, business_date, 'control_difference', 'net_sales', '', 'net_sales', 'ada', 'ben',
    'awaiting_decision', 'bench', -15000000, 'USD', 'net_sales differs by -15.00', '["net_sales"]', 1, 1, 'ada', now(),
    now() + interval '90 days'
  from day
  returning exception_id, business_date::text`;

async function insertWaiting(url: string, count: number): Promise<Waiting[]> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    return (await database.query<Waiting>(INSERT, [CLIENT, count])).rows;
  } finally {
    await database.end();
  }
}

/** Calls `work` for each, so many at once. */
async function inBatches<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work));
}

const startReview = (temporal: Client, { exception_id: exceptionId, business_date: businessDate }: Waiting) =>
  temporal.workflow.start('reviewException', {
    workflowId: exceptionWorkflowId(exceptionId),
    taskQueue: TASK_QUEUE,
    args: [{ exceptionId, clientId: CLIENT, businessDate }],
  });

/** Waits until a review has nothing to do before its deadline. Throws where it ended, or does not come to rest. */
async function atRest(temporal: Client, { exception_id }: Waiting): Promise<void> {
  const handle = temporal.workflow.getHandle(exceptionWorkflowId(exception_id));
  for (const begun = Date.now(); Date.now() - begun < SETTLED_WITHIN_MS; await sleep(200)) {
    const { status, raw } = await handle.describe();
    if (status.name !== 'RUNNING') throw new Error(`${handle.workflowId} does not wait: it is ${status.name}`);
    if ((raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask) continue;
    const { state } = await handle.query<{ state: string | null }>('state');
    if (state === 'awaiting_decision') return;
  }
  throw new Error(`${handle.workflowId} did not come to rest`);
}

/** Opens so many exceptions that wait for a decision: their rows, and a workflow of each on the running system. */
export async function openWaiting(bench: Installation, temporal: Client, scratch: string, count: number) {
  const folder = join(scratch, CLIENT);
  await mkdir(folder);
  await bench.meshline('client', 'apply', await writeModel(folder, CLIENT));
  const waiting = await insertWaiting(bench.endpoints.postgres ?? '', count);
  await inBatches(waiting, (one) => startReview(temporal, one));
  await inBatches(waiting, (one) => atRest(temporal, one));
  tell(`${waiting.length} exceptions wait for a decision`);
  return { stillWaiting: () => inBatches(waiting, (one) => atRest(temporal, one)) };
}
