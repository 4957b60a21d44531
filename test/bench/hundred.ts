import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { BARE_QUEUE, startBareWorker } from './bare/worker.ts';
import { median, rounded, tell } from './figures.ts';
import type { Installation } from './installation.ts';
import { ordersFile, writeModel } from './model.ts';
import { writeOrders } from './orders.ts';
import { type RunTimes, runTimes, STAGES } from './stages.ts';
import { verifyClose } from './verify.ts';
import { openWaiting } from './waiting.ts';

const CLIENT = 'bench-small';
const ROWS = 100;
const FIRST_SEED = 100;
const dateOf = (at: number): string => new Date(Date.UTC(2025, 10, 10 + at)).toISOString().slice(0, 10);

async function ask(bench: Installation, path: string, method = 'GET'): Promise<unknown> {
  const headers = { authorization: `Bearer ${bench.token}` };
  const answer = await fetch(`${bench.endpoints.api}/api/v1${path}`, { method, headers });
  const document: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(document)}`);
  return document;
}

async function closeSmallDay(bench: Installation, temporal: Client, folder: string, at: number): Promise<RunTimes> {
  const date = dateOf(at);
  const { expected } = await writeOrders(ordersFile(folder, date), ROWS, date, FIRST_SEED + at);
  const path = `/clients/${CLIENT}/closes/${date}`;
  const { workflowId } = (await ask(bench, path, 'POST')) as { workflowId: string };
  await temporal.workflow.getHandle(workflowId).result();
  verifyClose(await ask(bench, path), expected);
  return runTimes(temporal, workflowId);
}

async function runBare(temporal: Client, activities: number, at: number): Promise<RunTimes> {
  const workflowId = `bare/${at}`;
  await temporal.workflow.execute('bareActivities', { workflowId, taskQueue: BARE_QUEUE, args: [activities] });
  return runTimes(temporal, workflowId);
}

type Pairs = { closes: RunTimes[]; bares: RunTimes[] };
type Ground = { bench: Installation; temporal: Client; folder: string };

/** Closes from the day `first` on, each followed by a bare workflow of as many activities. */
async function measurePairs({ bench, temporal, folder }: Ground, activities: number, first: number, pairs: number) {
  const measured: Pairs = { closes: [], bares: [] };
  for (let at = first; at < first + pairs; at += 1) {
    measured.closes.push(await closeSmallDay(bench, temporal, folder, at));
    measured.bares.push(await runBare(temporal, activities, at));
  }
  return measured;
}

const medianOf = (runs: readonly RunTimes[]): number => median(runs.map(({ seconds }) => seconds));

function figuresOf({ closes, bares }: Pairs) {
  const [close, bare] = [medianOf(closes), medianOf(bares)];
  tell(`${closes.length} pairs: close of ${ROWS} rows ${close.toFixed(3)} s, bare workflow ${bare.toFixed(3)} s`);
  const stage = (name: string) => rounded(median(closes.map(({ stages }) => stages.get(name) ?? 0)));
  return {
    closeMedianSeconds: rounded(close),
    bareMedianSeconds: rounded(bare),
    ratio: rounded(close / bare, 2),
    stageMedianSeconds: Object.fromEntries(STAGES.map((name) => [name, stage(name)])),
  };
}

/** The same closes while so many exceptions wait for a decision; `closeRatio` is their median over the one before. */
async function whileWaiting(ground: Ground, scratch: string, activities: number, before: Pairs, waiting: number) {
  const pairs = before.closes.length;
  const { stillWaiting } = await openWaiting(ground.bench, ground.temporal, scratch, waiting);
  const during = await measurePairs(ground, activities, pairs + 1, pairs);
  await stillWaiting();
  const ratioOf = (of: keyof Pairs) => rounded(medianOf(during[of]) / medianOf(before[of]), 2);
  return { exceptions: waiting, ...figuresOf(during), closeRatio: ratioOf('closes'), bareRatio: ratioOf('bares') };
}

/**
 * Closes of days of 100 rows, each followed by a bare workflow of as many activities on the same engine. Both times are
 * the engine's own, from the start of the run to its end. The first of each only warms up.
 * @param waiting exceptions that are opened then, and wait while as many pairs are measured again; 0 for none
 */
export async function hundredRows(
  bench: Installation,
  temporal: Client,
  scratch: string,
  { pairs, waiting }: { pairs: number; waiting: number },
) {
  const folder = join(scratch, CLIENT);
  await mkdir(folder);
  await bench.meshline('client', 'apply', await writeModel(folder, CLIENT));
  const { temporalAddress, namespace } = bench.endpoints;
  const worker = await startBareWorker(temporalAddress, namespace);
  try {
    const ground = { bench, temporal, folder };
    const { activities } = await closeSmallDay(bench, temporal, folder, 0);
    await runBare(temporal, activities, 0);
    const before = await measurePairs(ground, activities, 1, pairs);
    const alone = { pairs, activities, ...figuresOf(before) };
    if (waiting === 0) return alone;
    return { ...alone, whileWaiting: await whileWaiting(ground, scratch, activities, before, waiting) };
  } finally {
    await worker.stop();
  }
}
