import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../answer.ts';
import type { Api } from '../api.ts';
import type { CloseDocument } from '../documents.ts';
import { Failure } from '../failure.ts';

/** A service that restarts comes back within this; a wait outlives that. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

const pause = () => sleep(PAUSE_MS);

const isAway = (error: unknown) => error instanceof Failure && error.parts.exit === 4;

/** Asks until there is an answer; gives up where nothing answers for a minute. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error) || performance.now() - startedAtMs > PATIENCE_MS) throw error;
      await pause();
    }
  }
}

/** A day's close; undefined where it was never closed. @param waitSeconds how long the API may hold its answer back */
export async function readDay(
  { ask }: Api,
  path: { client: string; date: string },
  waitSeconds = 0,
): Promise<CloseDocument | undefined> {
  try {
    const params = { path, query: { waitSeconds } };
    return await ask((api) => api.GET('/api/v1/clients/{client}/closes/{date}', { params }));
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

/** Reads again and again until it is done, no sooner than after a pause; an answer that was held back was one. */
export async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (;;) {
    const askedAtMs = performance.now();
    const value = await patiently(read);
    if (isDone(value)) return value;
    await sleep(Math.max(0, askedAtMs + PAUSE_MS - performance.now()));
  }
}
