import { sleep } from '@temporalio/workflow';
import type { CapturedSource } from '../activities/capture.ts';
import type { OpenedDay } from '../activities/open-attempt.ts';
import { retryDelayMs } from '../domain/retry.ts';
import { rows, sets } from './proxies.ts';
import { sideBySide } from './side-by-side.ts';

const LOOK_AGAIN_MS = 5 * 60_000;

type Source = OpenedDay['sources'][number];

/** Data that is not there before its contract's time is waited for; it is no failure and burns no retry. */
async function captureWhenThere(day: OpenedDay, source: Source): Promise<CapturedSource> {
  for (;;) {
    const answer = await rows.captureSource({ ...day, sourceId: source.id });
    if (answer.status !== 'absent') return answer;
    const remainingMs = answer.waitUntil - Date.now();
    if (remainingMs <= 0) return answer;
    await sleep(Math.min(remainingMs, LOOK_AGAIN_MS));
  }
}

/** Retries what may heal by itself, as often as the source's contract says. */
async function captureSource(day: OpenedDay, source: Source): Promise<CapturedSource> {
  for (let tries = 1; ; tries += 1) {
    const answer = await captureWhenThere(day, source);
    if (answer.status !== 'failed' || !answer.transient || tries >= source.retry.maximumAttempts) return answer;
    await sleep(retryDelayMs(source.retry, tries));
  }
}

/** What was captured before stands: nothing is read again. */
const standing = ({ id: sourceId }: Source): CapturedSource => {
  const nothing = { records: 0, newRecords: 0, changedRecords: 0, goneRecords: 0 };
  return { sourceId, status: 'unchanged', ...nothing };
};

/**
 * Captures every source of the day side by side, then the platforms' own totals: a source may be waited for until its
 * contract's time, and what compares with it often arrives with it.
 */
export async function captureSources(day: OpenedDay): Promise<CapturedSource[]> {
  const captured =
    day.beginsAt === 'normalize'
      ? day.sources.map(standing)
      : await sideBySide(day.sources.map((source) => () => captureSource(day, source)));
  await sets.captureTotals(day);
  return captured;
}
