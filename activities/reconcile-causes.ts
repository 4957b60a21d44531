import { cancellationSignal } from '@temporalio/activity';
import type { Catalog } from '../domain/metrics/catalog.ts';
import { sourcesOf } from '../domain/publish/streams.ts';
import { type Contribution, contributed, contributionOf } from '../domain/reconcile/contribution.ts';
import { type ItemKind, itemOf, type ReconcilingItem } from '../domain/reconcile/item.ts';
import { zoneDays } from '../domain/reconcile/zone-days.ts';
import type { DayModel } from '../infra/postgres/close/day-model.ts';
import type { Claim, ClaimScope } from '../infra/postgres/reconcile/claims.ts';
import type { Differing } from '../infra/postgres/reconcile/compare-day.ts';
import { lateArrivals } from '../infra/postgres/reconcile/late-arrivals.ts';
import { repeatedBlocks } from '../infra/postgres/reconcile/repeated-blocks.ts';
import { MOST_RECORDS } from '../infra/postgres/reconcile/unposted.ts';
import { zoneShift } from '../infra/postgres/reconcile/zone-shift.ts';
import type { UnpostedRecord } from '../infra/rowwork/read-unposted.ts';
import type { Control, OperatingModel, Source } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

type Claims = ReadonlyMap<ItemKind, readonly Claim[]>;
type Day = { key: DayKey; model: OperatingModel; rules: DayModel['rules']; catalog: Catalog };

const NONE = '(none)';

function memberOf(dimension: string, { shared }: UnpostedRecord): string {
  if (dimension === '') return '';
  if (dimension === 'channel' || dimension === 'campaign') return shared[dimension] ?? NONE;
  return shared.dimensions?.[dimension] ?? NONE;
}

/** What is not in our number counts against it: ours less theirs. */
function unpostedClaims(
  kind: UnpostedRecord['cause'],
  records: readonly UnpostedRecord[],
  contribution: Contribution,
  dimension: string,
): Claim[] {
  const mine = records.filter((one) => one.cause === kind);
  if (mine.length > MOST_RECORDS) return [];
  return mine.flatMap((one) => {
    const amountMicros = -contributed(contribution, one.entries);
    const { storeId, rawEventId } = one;
    return amountMicros === 0n
      ? []
      : [{ storeId, member: memberOf(dimension, one), detail: '', rawEventId, amountMicros }];
  });
}

async function readUnposted(deps: Deps, { key, rules }: Day, source: Source): Promise<UnpostedRecord[]> {
  return deps.rowWork.readUnposted(
    {
      databaseUrl: deps.databaseUrl,
      clientId: key.clientId,
      businessDate: key.businessDate,
      sourceId: source.id,
      format: source.options.format,
      delimiter: source.options.delimiter,
      rule: rules[source.id]!,
    },
    cancellationSignal(),
  );
}

/** Every record that a cause may have moved, for all stores and members that one control compares. */
async function claimsOf(
  { db }: Deps,
  { key, model, catalog }: Day,
  control: Control,
  totalReadAt: Date,
  unposted: ReadonlyMap<string, readonly UnpostedRecord[]>,
): Promise<Claims> {
  const contribution = contributionOf(catalog, control.metric);
  if (!contribution) return new Map();
  const dimension = control.slice ?? '';
  const scope: ClaimScope = { clientId: key.clientId, date: key.businessDate, dimension, contribution };
  const sources = sourcesOf(model, catalog, control.metric);
  const records = [...sources].flatMap((id) => unposted.get(id) ?? []);
  const of = (kind: UnpostedRecord['cause']) => unpostedClaims(kind, records, contribution, dimension);
  const placed = model.sources.filter((source) => sources.has(source.id) && source.mapping.key.includes('$line'));
  const blocks =
    placed.length === 0
      ? []
      : await repeatedBlocks(
          db,
          scope,
          placed.map((source) => source.id),
        );
  return new Map<ItemKind, readonly Claim[]>([
    ['late_arrivals', await lateArrivals(db, scope, totalReadAt)],
    ['quarantined', of('quarantined')],
    ['duplicates', [...of('duplicates'), ...blocks]],
    ['test_orders', of('test_orders')],
    ['zone_shift', await zoneShift(db, scope, zoneDays(model, key.businessDate))],
  ]);
}

/** The items that may explain one comparison: the claims on its place, one item for each reading of a cause. */
function possibleItems({ model }: Day, claims: Claims, { ours }: Differing): ReconcilingItem[] {
  const foreign = model.stores.some((store) => store.currency !== model.client.currency);
  // Amounts in several currencies have no sum: of the client as a whole nothing is claimed then.
  if (ours.storeId === '' && foreign) return [];
  return [...claims].flatMap(([kind, all]) => {
    const here = all.filter(
      (one) => (ours.storeId === '' || one.storeId === ours.storeId) && one.member === ours.member,
    );
    return [...Map.groupBy(here, (one) => one.detail)].flatMap(
      ([detail, records]) => itemOf(kind, detail === '' ? null : detail, records) ?? [],
    );
  });
}

const earliest = (dates: readonly Date[]): Date => new Date(Math.min(...dates.map(Number)));

/** Looks for what may have made differences. Nothing is read where there is none. */
export async function findCauses(
  deps: Deps,
  day: Day,
  differing: readonly Differing[],
): Promise<ReadonlyMap<Differing, readonly ReconcilingItem[]>> {
  const found = new Map<Differing, readonly ReconcilingItem[]>();
  const wanted = new Set(differing.flatMap(({ control }) => [...sourcesOf(day.model, day.catalog, control.metric)]));
  const unposted = new Map<string, readonly UnpostedRecord[]>();
  for (const source of day.model.sources)
    if (wanted.has(source.id)) unposted.set(source.id, await readUnposted(deps, day, source));
  for (const [control, own] of Map.groupBy(differing, (one) => one.control)) {
    const readAt = earliest(own.map((one) => one.total.read_at));
    const claims = await claimsOf(deps, day, control, readAt, unposted);
    for (const one of own) found.set(one, possibleItems(day, claims, one));
  }
  return found;
}
