import { availableParallelism } from 'node:os';
import type { Ground } from './ground.ts';
import { type Point, SIDES } from './points.ts';
import { type Case, closeUnharmed, runRound } from './round.ts';

/** Every point under every target. */
export type Matrix = { points: readonly Point[]; targets: readonly string[] };

/** All targets on all points take some ten minutes on two cores. */
const OVERALL_MS = 60 * 60_000;

/** Points that are held at one time: no more of those that hold a row-work thread than a worker has threads. */
function roundsOf(points: readonly Point[]): Point[][] {
  const threads = Math.max(1, Math.min(4, availableParallelism()));
  const inThread = points.filter((one) => one.inThread);
  const rounds = [[...points.filter((one) => !one.inThread), ...inThread.splice(0, threads)]];
  while (inThread.length > 0) rounds.push(inThread.splice(0, threads));
  return rounds.filter((round) => round.length > 0);
}

const neverRun = (target: string, points: readonly Point[], why: string): Case[] =>
  points.map((point) => ({
    ...{ point: point.name, target, seconds: 0, exit: null, mails: 0, auditRows: 0 },
    deviations: [why],
  }));

/** Runs the matrix round by round; `tell` hears of each case as soon as it is judged. A round that breaks is told as such. */
export async function runMatrix(
  ground: Ground,
  { points, targets }: Matrix,
  tell: (one: Case) => void = () => undefined,
): Promise<Case[]> {
  const until = Date.now() + OVERALL_MS;
  const oracle = await closeUnharmed(ground);
  const cases: Case[] = [];
  for (const target of targets)
    for (const round of SIDES.flatMap((side) => roundsOf(points.filter((one) => one.side === side)))) {
      const ran =
        Date.now() < until ? runRound(ground, oracle, target, round) : Promise.reject(new Error('no time left'));
      const judged = await ran.catch((error: Error) => neverRun(target, round, error.message));
      judged.forEach(tell);
      cases.push(...judged);
    }
  return cases;
}
