import { isLocked } from '../domain/period/table.ts';
import { finalAt } from '../domain/publish/finality.ts';
import type { Finding } from '../domain/publish/finding.ts';
import { type JudgedRevisions, judgeRevisions, type RevisionBasis } from '../domain/publish/revise.ts';
import type { RevisionReason } from '../domain/publish/revision-reason.ts';
import { distinctGroups, type Group, groupOf } from '../domain/publish/sort.ts';
import { amountText } from '../domain/reconcile.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import { carriesFix } from '../infra/postgres/publish/changes.ts';
import type { LatestNumber } from '../infra/postgres/publish/numbers.ts';
import type { AcceptedByGroup } from './publish-certificates.ts';
import type { PublishingDay } from './publish-day.ts';
import { type AcceptedFinding, type JudgedFindings, judgeFindings } from './publish-findings.ts';
import { type Kept, type KeptGroup, keptBy } from './publish-kept.ts';
import { type NumberChange, reasonsOf, type Sorted, valueNow } from './publish-reasons.ts';

/** A changed number that is published anew: what it says now, why, and what released it. */
export type Revision = {
  value: StoredValue;
  before: LatestNumber;
  basis: RevisionBasis;
  reason: RevisionReason;
};
/**
 * What becomes of a day's changed numbers; `held` waits for a person, by the finding that stands. `released` has the
 * acceptance of a group's change by a person who saw it.
 */
export type JudgedChanges = {
  revisions: readonly Revision[];
  held: readonly Group[];
  judged: JudgedFindings;
  released: ReadonlyMap<string, AcceptedFinding>;
  /** What a person keeps as it was published, against what its inputs say now. */
  kept: Kept | null;
  /** Groups whose month is locked: they stand as they are, whatever came since. */
  standing: readonly Group[];
};
export const keptGroups = ({ kept }: JudgedChanges): readonly KeptGroup[] => kept?.groups ?? [];
type Release = (group: Group) => 'planned' | 'decision' | null;

const shown = (micros: bigint | null, currency: string | null): string =>
  micros === null ? 'undefined' : amountText(micros, currency);

/** Why a person is asked: in a soft-closed month the tolerance is not. */
const heldBecause = ({ period: { state, month } }: PublishingDay): string =>
  state === 'soft_closed'
    ? `; ${month} is soft-closed, and nothing in it is revised by itself`
    : ', which is beyond its tolerance';

/** One finding for all numbers of a day that wait: they have one cause, and are decided together. */
function findingOf(day: PublishingDay, changes: readonly NumberChange[], held: readonly Group[]): Finding {
  const ofGroup = changes.filter((one) => groupOf(one.before) === groupOf(held[0]!));
  const total = ofGroup.find((one) => one.before.dimension === '') ?? ofGroup[0]!;
  const { before } = total;
  const { valueMicros: now } = valueNow(day, total);
  const { metric, storeId, dimension, member, currency } = before;
  const name = dimension === '' ? metric : `${metric} of ${dimension} ${member}`;
  const others = new Set(held.slice(1).map((one) => one.metric));
  others.delete(metric);
  const more = others.size === 0 ? '' : ` With it change ${[...others].join(', ')}.`;
  return {
    kind: 'revision',
    subject: 'published numbers',
    metric,
    source: null,
    store: storeId,
    slice: '',
    dimension: '',
    controlId: null,
    differenceMicros: (now ?? 0n) - (before.valueMicros ?? 0n),
    currency,
    message: `${name} is final at ${shown(before.valueMicros, currency)} and would be revised to ${shown(now, currency)}${heldBecause(day)}.${more}`,
  };
}

/** The metrics of the report first, in its order: a finding speaks of the one that a reader knows. */
function byReport({ model }: PublishingDay, groups: readonly Group[]): Group[] {
  const order = model.document.report.metrics;
  const place = ({ metric }: Group) => (order.includes(metric) ? order.indexOf(metric) : order.length);
  return [...groups].sort((a, b) => place(a) - place(b));
}

/** A planned revision and a fix release whatever changes; an accepted finding what it withheld. */
const releasesOf =
  (day: PublishingDay, accepted: AcceptedByGroup, fixed: boolean): Release =>
  (group) => {
    if (fixed || accepted.has(groupOf(group))) return 'decision';
    return day.cause === 'revise' ? 'planned' : null;
  };

function judge(day: PublishingDay, { changes }: Sorted, releasedBy: Release): JudgedRevisions {
  const { model, catalog, key, period } = day;
  const tolerates = period.state === 'open';
  const isFinal = (metric: string) =>
    !tolerates || finalAt(model.document, catalog, metric, key.businessDate).getTime() <= Date.now();
  return judgeRevisions(changes, { model: model.document, catalog, isFinal, releasedBy, tolerates });
}

async function revisionsOf(
  tx: Tx,
  day: PublishingDay,
  { changes }: Sorted,
  revised: JudgedRevisions['revised'],
  fixed: boolean,
): Promise<Revision[]> {
  const reasonOf = await reasonsOf(tx, day, changes, fixed);
  return changes.flatMap((change) => {
    const basis = revised.get(groupOf(change.before));
    return basis ? [{ value: valueNow(day, change), before: change.before, basis, reason: reasonOf(change) }] : [];
  });
}

const NO_FINDINGS: JudgedFindings = { standing: [], accepted: [] };
const NOTHING: JudgedChanges = {
  revisions: [],
  held: [],
  judged: NO_FINDINGS,
  released: new Map(),
  kept: null,
  standing: [],
};

/** In a locked month all numbers stand; what had been kept against these very inputs before is no change to post. */
async function judgeLocked(tx: Tx, day: PublishingDay, sorted: Sorted): Promise<JudgedChanges> {
  const { changes } = sorted;
  const waiting = byReport(day, judge(day, sorted, () => null).held);
  const { accepted } = await judgeFindings(tx, day, waiting.length === 0 ? [] : [findingOf(day, changes, waiting)]);
  const by = accepted.find(({ approval }) => approval.verb === 'reject');
  const kept = by ? keptBy(day, changes, waiting, by) : null;
  const own = new Set((kept?.groups ?? []).map(groupOf));
  const standing = distinctGroups(changes.map((one) => one.before)).filter((one) => !own.has(groupOf(one)));
  return { ...NOTHING, kept, standing };
}

/**
 * Judges a day's changed numbers: those that are revised, each with its reason and what released it, and those that
 * wait for a person. What waits is one finding; accepted as it was seen it is revised, rejected as it was seen it is kept
 * as it was published.
 */
export async function judgeChanges(
  tx: Tx,
  day: PublishingDay,
  sorted: Sorted,
  accepted: AcceptedByGroup,
): Promise<JudgedChanges> {
  const { changes } = sorted;
  if (changes.length === 0) return NOTHING;
  if (isLocked(day.period.state)) return judgeLocked(tx, day, sorted);
  const fixed = await carriesFix(tx, day.key);
  const releasedBy = releasesOf(day, accepted, fixed);
  const first = judge(day, sorted, releasedBy);
  const waiting = byReport(day, first.held);
  const finding = waiting.length === 0 ? [] : [findingOf(day, changes, waiting)];
  const judged = await judgeFindings(tx, day, finding);
  const decided = judged.accepted[0];
  const release = decided?.approval.verb === 'approve' ? decided : undefined;
  const kept = decided && !release ? keptBy(day, changes, waiting, decided) : null;
  const held = decided ? [] : waiting;
  const last = release ? judge(day, sorted, (group) => releasedBy(group) ?? 'decision') : first;
  const released = new Map(release ? waiting.map((group) => [groupOf(group), release] as const) : []);
  const revisions = await revisionsOf(tx, day, sorted, last.revised, fixed);
  return { revisions, held, judged, released, kept, standing: [] };
}
