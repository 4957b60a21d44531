import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Catalog } from '../metrics/catalog.ts';
import { type DayTolerance, withinTolerance } from '../tolerance.ts';
import type { RevisionReason } from './revision-reason.ts';
import { type Change, type Computed, type Group, groupOf, type Known } from './sort.ts';
import { restsOn, sourcesOf } from './streams.ts';

/**
 * What releases a version: nothing more is needed for the `first`, nor while a number is `provisional`; a final one is
 * revised within its `tolerance`, by a `planned` revision, or by a `decision`.
 */
export type Basis = 'first' | 'provisional' | 'tolerance' | 'planned' | 'decision';
export type RevisionBasis = Exclude<Basis, 'first'>;

/**
 * A published number as it is judged: `baselineMicros` is what it said before it was revised within its tolerance, step
 * by step.
 */
export type Standing = Known & Defined & { baselineMicros: bigint | null };
type Defined = { definition: string };
export type Changed = Change<Computed & Defined, Standing>;

export type RevisionTerms = {
  model: OperatingModel;
  catalog: Catalog;
  isFinal: (metric: string) => boolean;
  /** What a person has released of a group beforehand; null where nothing. */
  releasedBy: (group: Group) => 'planned' | 'decision' | null;
  /** In a month that is soft-closed nothing is revised by itself. */
  tolerates: boolean;
};

/** `held`: the groups that wait for a person, those first whose own change is beyond the tolerance. */
export type JudgedRevisions = { revised: ReadonlyMap<string, RevisionBasis>; held: readonly Group[] };

const NOTHING: DayTolerance = {};

/**
 * The tolerances that a final number's change must keep, all of them: that of its metric; else those of the sources
 * that it reads; else that of any metric. Where none is stated, any change waits for a person.
 */
export function revisionTolerances(model: OperatingModel, catalog: Catalog, metric: string): readonly DayTolerance[] {
  const { metrics = {}, sources = {} } = model.revisions ?? {};
  const own = metrics[metric]?.tolerance;
  if (own) return [own];
  const read = [...sourcesOf(model, catalog, metric)].flatMap((id) => sources[id]?.tolerance ?? []);
  return read.length > 0 ? read : [metrics['*']?.tolerance ?? NOTHING];
}

/** Ratios move as their parts do: they are no cause of their own, and have no size to compare. */
const isDerived = (catalog: Catalog, metric: string): boolean => catalog.get(metric)?.formula.by === 'ratio';

/** A ratio that is defined anew moves although its parts stand. */
const followsItsParts = ({ catalog }: RevisionTerms, { value, before }: Changed): boolean =>
  isDerived(catalog, before.metric) && (value === null || value.definition === before.definition);

function isTolerated(terms: RevisionTerms, change: Changed): boolean {
  const { model, catalog, tolerates } = terms;
  const { value, before } = change;
  if (followsItsParts(terms, change)) return true;
  const now = value?.valueMicros ?? 0n;
  const was = before.baselineMicros ?? 0n;
  if (!tolerates) return now === was;
  const limits = revisionTolerances(model, catalog, before.metric);
  return limits.every((limit) => withinTolerance(now - was, was, limit));
}

/** Slices are judged by the total that they make; by themselves, where it stands and they move within it. */
function judgedOf(changes: readonly Changed[]): readonly Changed[] {
  const totals = changes.filter((one) => one.before.dimension === '');
  return totals.length > 0 ? totals : changes;
}

function basisOf(terms: RevisionTerms, changes: readonly Changed[]): RevisionBasis | null {
  const { before } = changes[0]!;
  const released = terms.releasedBy(before);
  if (released) return released;
  if (!terms.isFinal(before.metric)) return 'provisional';
  return judgedOf(changes).every((one) => isTolerated(terms, one)) ? 'tolerance' : null;
}

/**
 * Tells the groups of a day that are revised from those that wait for a person. A day's numbers add up: where one
 * waits, every other waits with it that is made of it, or that reads a source which it reads.
 */
export function judgeRevisions(changes: readonly Changed[], terms: RevisionTerms): JudgedRevisions {
  const groups = [...Map.groupBy(changes, (one) => groupOf(one.before)).values()];
  const judged = groups.map((own) => ({ group: own[0]!.before as Group, basis: basisOf(terms, own) }));
  const roots = judged.filter((one) => one.basis === null);
  const read = ({ metric }: Group) => sourcesOf(terms.model, terms.catalog, metric);
  const touched = new Set(roots.flatMap(({ group }) => [...read(group)]));
  const waiting = new Set(roots.map(({ group }) => group.metric));
  const follows = (group: Group): boolean =>
    restsOn(terms.catalog, group.metric, waiting) || [...read(group)].some((one) => touched.has(one));
  const waits = ({ group, basis }: (typeof judged)[number]): boolean =>
    (basis === 'tolerance' || basis === 'provisional') && follows(group);
  const follow = judged.filter(waits);
  const held = [...roots, ...follow];
  const revised = judged.flatMap(({ group, basis }) =>
    basis && !held.some((one) => one.group === group) ? [[groupOf(group), basis] as const] : [],
  );
  return { revised: new Map(revised), held: held.map(({ group: { storeId, metric } }) => ({ storeId, metric })) };
}

/** What is known of a change: what the number was made with before, and is now, and what came to its sources since. */
export type ChangeFacts = {
  definitionChanged: boolean;
  transformsChanged: boolean;
  fixed: boolean;
  recordsReplaced: boolean;
};

/**
 * Why a number is revised: a person mended it, it means something else, its records changed, or there are more of them.
 */
export function revisionReason(facts: ChangeFacts): RevisionReason {
  if (facts.fixed) return 'error';
  if (facts.definitionChanged || facts.transformsChanged) return 'definition_change';
  return facts.recordsReplaced ? 'source_revised' : 'late_arrival';
}
