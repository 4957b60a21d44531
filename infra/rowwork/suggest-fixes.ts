import { parseMicros } from '../../domain/money.ts';
import { type Fix, type FixPreview, rankFixes, type SimulatedFix } from '../../domain/remediation/fix.ts';
import { withSession } from '../postgres/session.ts';
import type { FileLimits } from '../sources/file/snapshot.ts';
import { proposeFixes } from './fixes/propose.ts';
import { type Bench, simulateFix } from './fixes/simulate.ts';
import { readSituation, type Situation } from './fixes/situation.ts';

export type SuggestFixesInput = {
  databaseUrl: string;
  customerKey: Uint8Array;
  roots: readonly string[];
  limits: FileLimits;
  exceptionId: string;
  /** Tries this one alone, whatever comes of it. */
  only?: Fix;
  /** Fixes that people made: they are tried too, and kept whatever comes of them. */
  made?: readonly Fix[];
};

/** So many are shown: one person reads them. */
const MOST_FIXES = 6;

const changes = ({ metrics, checks, otherDays }: FixPreview): boolean =>
  checks.length > 0 || otherDays.length > 0 || metrics.some((one) => one.before !== one.after);

const sameOutcome = (a: SimulatedFix, b: SimulatedFix): boolean =>
  JSON.stringify(a.preview) === JSON.stringify(b.preview);

/** A fix is worth showing where it mends the finding, or brings our number nearer to theirs. */
function helps(one: SimulatedFix, read: SimulatedFix): boolean {
  if (one.resolves || one.findingsLeft < read.findingsLeft) return true;
  return one.distance !== null && read.distance !== null && parseMicros(one.distance) < parseMicros(read.distance);
}

/** What has come since: a total that was late, or what a source says now. */
function readingFix(read: SimulatedFix): Fix {
  const moved = read.preview.metrics.some((one) => one.before !== one.after);
  if (moved) return { ...read.fix, kind: 'recapture', title: 'Capture the sources again: they have changed since' };
  return {
    ...read.fix,
    kind: 'accept_late_total',
    title: 'Compare with the source-reported total as it is stated now',
  };
}

async function simulateAll(situation: Situation, bench: Bench): Promise<SimulatedFix[]> {
  const reading: Fix = { kind: 'recapture', title: '', change: { by: 'reading' } };
  const read = await simulateFix(situation, bench, reading);
  const simulated: SimulatedFix[] = changes(read.preview) ? [{ ...read, fix: readingFix(read) }] : [];
  for (const fix of await proposeFixes(situation, bench)) {
    const one = await simulateFix(situation, bench, fix);
    // Every fix reads the sources again: one that does no more than that is none of its own.
    if (!sameOutcome(one, read) && changes(one.preview) && helps(one, read)) simulated.push(one);
  }
  return simulated;
}

async function simulateMade(situation: Situation, bench: Bench, made: readonly Fix[]): Promise<SimulatedFix[]> {
  const simulated: SimulatedFix[] = [];
  for (const fix of made) simulated.push(await simulateFix(situation, bench, fix));
  return simulated;
}

/**
 * Finds what may mend an exception and tries each on the real day, in isolation. Ranked, the best first; empty where the
 * exception is unknown. Runs in a row-work thread.
 */
export default function suggestFixes(input: SuggestFixesInput): Promise<SimulatedFix[]> {
  return withSession(input.databaseUrl, (reader) =>
    withSession(input.databaseUrl, async (session) => {
      const situation = await readSituation(reader, input.exceptionId);
      if (!situation) return [];
      if (input.only) return [await simulateFix(situation, { ...input, session }, input.only)];
      const bench = { ...input, session };
      const found = rankFixes(await simulateAll(situation, bench)).slice(0, MOST_FIXES);
      return [...found, ...(await simulateMade(situation, bench, input.made ?? []))];
    }),
  );
}
