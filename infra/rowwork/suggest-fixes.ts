import { parseMicros } from '../../domain/money.ts';
import { changesAnything, type Fix, rankFixes, type SimulatedFix } from '../../domain/remediation/fix.ts';
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

const sameOutcome = (a: SimulatedFix, b: SimulatedFix): boolean =>
  JSON.stringify(a.preview) === JSON.stringify(b.preview);

/** The way back is shown for as long as there is one. */
const isUndo = ({ fix }: SimulatedFix): boolean => fix.change.by === 'transform' && fix.change.version === null;

/** A fix is worth showing where it mends the finding, or brings our number nearer to theirs. */
function helps(one: SimulatedFix, read: SimulatedFix): boolean {
  if (isUndo(one)) return true;
  // The platform says that there was trade.
  if (one.fix.change.by === 'closing' && one.findingsLeft > 0) return false;
  if (!one.resolves && one.preview.otherDays.length > 0) return false;
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
  const simulated: SimulatedFix[] = changesAnything(read.preview) ? [{ ...read, fix: readingFix(read) }] : [];
  for (const fix of await proposeFixes(situation, bench)) {
    const one = await simulateFix(situation, bench, fix);
    // Every fix reads the sources again: one that does no more than that is none of its own.
    if (!sameOutcome(one, read) && changesAnything(one.preview) && helps(one, read)) simulated.push(one);
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
      const ranked = rankFixes(await simulateAll(situation, bench));
      const found = ranked.filter((one, at) => at < MOST_FIXES || isUndo(one));
      return [...found, ...(await simulateMade(situation, bench, input.made ?? []))];
    }),
  );
}
