import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran } from '../support/installation.ts';
import { applyClient, approve, runClose, untilAsked, untilPublished } from './closing.ts';
import type { Ground } from './ground.ts';
import { deviations, type Outcome, type Repeats, readOutcome } from './outcome.ts';
import { isDecision, type Point, type Story } from './points.ts';
import { freezeWorker, kill, strays, TARGETS } from './targets.ts';

/** One fault point under one kill, and what became of it. */
export type Case = {
  point: string;
  target: string;
  seconds: number;
  exit: number | null;
  deviations: string[];
} & Repeats;

export type Oracle = Readonly<Record<Story, Outcome>>;

export const CASE_MS = 120_000;
const STORIES: readonly Story[] = ['plain', 'difference', 'rerun'];

type Running = { client: string; point: Point; ran: Promise<Ran> };

let clients = 0;
const nextClient = (name: string): string => {
  clients += 1;
  return `${name}-${clients}`;
};

/** What each story comes to where nothing is killed. */
export async function closeUnharmed(ground: Ground): Promise<Oracle> {
  const oracle: Partial<Record<Story, Outcome>> = {};
  for (const story of STORIES) {
    const client = nextClient(story);
    await applyClient(ground, client, story);
    await runClose(ground, client);
    await untilPublished(ground, client, Date.now() + CASE_MS);
    oracle[story] = (await readOutcome(ground, client)).outcome;
  }
  return oracle as Oracle;
}

/** Fails where something takes longer than a case may. */
async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = sleep(CASE_MS, 'late', { ref: false }).then(() => Promise.reject(new Error(`${what} took too long`)));
  return Promise.race([work, late as Promise<never>]);
}

async function start(ground: Ground, point: Point): Promise<Running> {
  const client = nextClient(point.name.replace(':', '-'));
  await applyClient(ground, client, point.story);
  if (isDecision(point)) await inTime(runClose(ground, client), `${point.name}: the close before`);
  const exception = isDecision(point) ? await untilAsked(ground, client, Date.now() + CASE_MS) : null;
  await ground.faults.arm({ client, point });
  return { client, point, ran: exception ? approve(ground, exception) : runClose(ground, client) };
}

/** Brings every case to its fault point. Those that hold a thread come last: nobody else would get past them. */
async function startAll(ground: Ground, points: readonly Point[]): Promise<Running[]> {
  const running: Running[] = [];
  for (const inThread of [undefined, true] as const) {
    for (const point of points.filter((one) => one.inThread === inThread)) running.push(await start(ground, point));
    await ground.faults.untilHeld(running);
  }
  return running;
}

/** Kills while all are held: before their commits, or after them and before the worker can report them. */
async function strike(ground: Ground, target: string, running: readonly Running[]): Promise<void> {
  const { installation, faults } = ground;
  const victims = TARGETS[target]!;
  const isBefore = running[0]!.point.side === 'before';
  const thaw = isBefore ? () => undefined : freezeWorker(installation);
  if (!isBefore) await faults.commit(running);
  kill(installation, victims);
  thaw();
  if (victims.includes('postgres')) await installation.until(() => faults.connect().then(yes, no), CASE_MS);
  else if (isBefore && victims.includes('worker')) await faults.abort(running);
  else await faults.disarm();
}

const yes = () => true;
const no = () => false;

/** What the command line says of a close that was cut off: it waits by itself until the day is closed or waits for a person. */
async function judgeExit({ point, ran }: Running): Promise<{ exit: number | null; deviations: string[] }> {
  const ended = await inTime(ran, 'the command line').catch((error: Error) => error);
  if (ended instanceof Error) return { exit: null, deviations: [ended.message] };
  const isFine = isDecision(point) || ended.code === 0 || ended.code === 3;
  const words = ended.stderr.trim().split('\n').slice(-3).join(' / ');
  return { exit: ended.code, deviations: isFine ? [] : [`exit ${ended.code}: ${words}`] };
}

async function judge(ground: Ground, oracle: Oracle, running: Running, since: number) {
  const { client, point } = running;
  const { exit, deviations: found } = await judgeExit(running);
  const failed = await untilPublished(ground, client, since + CASE_MS).catch((error: Error) => error);
  const { outcome, repeats } = await readOutcome(ground, client);
  found.push(...(failed ? [failed.message] : deviations(oracle[point.story], outcome)));
  return { exit, seconds: Math.round((Date.now() - since) / 1000), deviations: found, ...repeats };
}

/** Runs cases of one side under one kill, all at the same instant, each on a client of its own. */
export async function runRound(
  ground: Ground,
  oracle: Oracle,
  target: string,
  points: readonly Point[],
): Promise<Case[]> {
  await ground.faults.connect();
  const running = await startAll(ground, points);
  const { children } = ground.installation;
  const since = Date.now();
  await strike(ground, target, running);
  const judged = await Promise.all(running.map((one) => judge(ground, oracle, one, since)));
  const astray = strays(children, ground.installation.children, TARGETS[target]!);
  return running.map(({ point }, index) => {
    const one = judged[index]!;
    return { point: point.name, target, ...one, deviations: [...astray, ...one.deviations] };
  });
}
