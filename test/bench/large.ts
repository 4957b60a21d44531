import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { median, pace, rounded, tell } from './figures.ts';
import type { Installation } from './installation.ts';
import { ordersFile, writeModel } from './model.ts';
import { writeOrders } from './orders.ts';
import { prepareRawCopy, rawCopySeconds, settle } from './raw-copy.ts';
import { type RunTimes, runTimes, STAGES } from './stages.ts';
import { verifyClose } from './verify.ts';

const CLIENT = 'bench-large';
/** What is put in order behind a close must not slow the COPY that it is compared with. */
const TIDIED_WITHIN_MS = 6_000;
const dateOf = (at: number): string => new Date(Date.UTC(2026, 0, 5 + at)).toISOString().slice(0, 10);

type Round = { closeSeconds: number; copySeconds: number; times: RunTimes; bytes: number };

/** One day: its file is copied raw and closed, the one or the other first by turns, and the close is checked. */
async function round(bench: Installation, temporal: Client, rawUrl: string, folder: string, rows: number, at: number) {
  const date = dateOf(at);
  const { path, bytes, expected } = await writeOrders(ordersFile(folder, date), rows, date, at + 1);
  const copy = async () => {
    await settle(rawUrl);
    return rawCopySeconds(rawUrl, path);
  };
  const close = async () => {
    await settle(rawUrl);
    const begun = performance.now();
    const document = await bench.meshline('close', 'run', '--client', CLIENT, '--date', date, '--wait');
    const seconds = (performance.now() - begun) / 1000;
    verifyClose(document, expected);
    await sleep(TIDIED_WITHIN_MS);
    return seconds;
  };
  const copiedBefore = at % 2 === 0 ? await copy() : null;
  const closeSeconds = await close();
  const copySeconds = copiedBefore ?? (await copy());
  const times = await runTimes(temporal, `close/${CLIENT}/${date}`);
  tell(`${date}: close ${closeSeconds.toFixed(2)} s, raw COPY ${copySeconds.toFixed(2)} s; every number is exact`);
  tell([...times.stages].map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)} s`).join(', '));
  return { closeSeconds, copySeconds, times, bytes };
}

function stagesOf(rounds: readonly Round[], rows: number) {
  const seconds = (stage: string) => median(rounds.map(({ times }) => times.stages.get(stage) ?? 0));
  return Object.fromEntries(STAGES.map((stage) => [stage, pace(rows, seconds(stage))]));
}

/** Closes of large days by the command line through everything, beside raw COPY of the same lines. */
export async function largeCloses(
  bench: Installation,
  temporal: Client,
  scratch: string,
  { orders, closes }: { orders: number; closes: number },
) {
  const folder = join(scratch, CLIENT);
  await mkdir(folder);
  await bench.meshline('client', 'apply', await writeModel(folder, CLIENT));
  const rawUrl = await prepareRawCopy(bench.endpoints.postgres ?? '');
  const rounds: Round[] = [];
  for (let at = 0; at < closes; at += 1) rounds.push(await round(bench, temporal, rawUrl, folder, orders, at));
  const closeSeconds = rounds.map((one) => rounded(one.closeSeconds));
  const copySeconds = rounds.map((one) => rounded(one.copySeconds));
  const [close, copy] = [median(closeSeconds), median(copySeconds)];
  return {
    bytes: rounds[0]?.bytes ?? 0,
    stages: stagesOf(rounds, orders),
    close: {
      each: closeSeconds,
      ...pace(orders, close),
      workflowSeconds: rounded(median(rounds.map((r) => r.times.seconds))),
    },
    copy: { seconds: copySeconds, medianSeconds: copy, rowsPerSecond: Math.round(orders / copy) },
    ratio: rounded(close / copy, 2),
  };
}
