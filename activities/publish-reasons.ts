import { definitionId } from '../domain/metrics/definition.ts';
import { type ChangeFacts, revisionReason } from '../domain/publish/revise.ts';
import type { RevisionReason } from '../domain/publish/revision-reason.ts';
import { type Change, groupOf, keyOf, type SortedNumbers } from '../domain/publish/sort.ts';
import { restsOn, sourcesOf } from '../domain/publish/streams.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import { type CertifiedBefore, carriesFix, certifiedBefore } from '../infra/postgres/publish/changes.ts';
import type { LatestNumber } from '../infra/postgres/publish/numbers.ts';
import { withheldAtFirst } from '../infra/postgres/publish/withheld.ts';
import type { PublishingDay } from './publish-day.ts';

export type Sorted = SortedNumbers<StoredValue, LatestNumber>;
export type NumberChange = Change<StoredValue, LatestNumber>;

/** A member that the day no longer has is nothing from now on, and a ratio of it undefined. */
export function valueNow({ catalog }: PublishingDay, { value, before }: NumberChange): StoredValue {
  if (value) return value;
  const { storeId, metric, definition, dimension, member, currency } = before;
  const isRatio = catalog.get(metric)?.formula.by === 'ratio';
  return { storeId, metric, definition, dimension, member, currency, valueMicros: isRatio ? null : 0n };
}

/** The metrics that are defined otherwise than the day published them. */
function redefinedMetrics({ catalog, published }: PublishingDay): ReadonlySet<string> {
  return new Set(
    published.flatMap(({ metric, definition }) => {
      const now = catalog.get(metric);
      return now && definitionId(now) !== definition ? [metric] : [];
    }),
  );
}

/** What is known of all changes of a day: whether a person mended it, and which metrics mean something else now. */
type Known = { fixed: boolean; redefined: ReadonlySet<string> };

function factsOf(
  { model, catalog }: PublishingDay,
  { value, before }: NumberChange,
  certified: CertifiedBefore,
  { fixed, redefined }: Known,
) {
  const read = [...sourcesOf(model.document, catalog, before.metric)];
  const facts: ChangeFacts = {
    definitionChanged: value !== null && restsOn(catalog, before.metric, redefined),
    transformsChanged: read.some((id) => certified.transforms[id] !== model.transforms[id]),
    fixed:
      fixed ||
      model.fixes.some(
        ({ source, decisionIds }) =>
          (source === null || read.includes(source)) && !certified.decisions.has(decisionIds.at(-1)!),
      ),
    recordsReplaced: read.some((id) => certified.replaced.has(id)),
  };
  return facts;
}

/** Why each of a day's changed numbers says something else than it did. */
export async function reasonsOf(
  tx: Tx,
  day: PublishingDay,
  changes: readonly NumberChange[],
  fixed: boolean,
): Promise<(change: NumberChange) => RevisionReason> {
  const certificates = await certifiedBefore(tx, day.key, [...new Set(changes.map((one) => one.before.certificateId))]);
  const known = { fixed, redefined: redefinedMetrics(day) };
  return (change) => revisionReason(factsOf(day, change, certificates.get(change.before.certificateId)!, known));
}

/**
 * Why a slice has members that its published day did not have: they are a revision of the day. What the first
 * publication withheld is no news but what was waited for.
 */
export async function memberReasons(
  tx: Tx,
  day: PublishingDay,
  { fresh }: Sorted,
): Promise<Map<StoredValue, RevisionReason>> {
  const totals = new Map(day.published.filter((one) => one.dimension === '').map((one) => [groupOf(one), one]));
  const members = fresh.flatMap((value) => {
    const before = totals.get(groupOf(value));
    return before ? [{ value, before }] : [];
  });
  if (members.length === 0) return new Map();
  const awaited = new Set((await withheldAtFirst(tx, day.key)).map(keyOf));
  const reasonOf = await reasonsOf(tx, day, members, await carriesFix(tx, day.key));
  const told = members.filter((one) => !awaited.has(keyOf(one.value)));
  return new Map(told.map((one) => [one.value, reasonOf(one)] as const));
}
