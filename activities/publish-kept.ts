import { type Group, groupOf } from '../domain/publish/sort.ts';
import type { PublishingDay } from './publish-day.ts';
import type { AcceptedFinding } from './publish-findings.ts';
import { type NumberChange, valueNow } from './publish-reasons.ts';

/** A group that stands as it is, and by how much its total would have changed; null where that has no size. */
export type KeptGroup = Group & { differenceMicros: bigint | null; currency: string | null };
/** What stands as it is by a person's word. */
export type Kept = { groups: readonly KeptGroup[]; by: AcceptedFinding };

/** What a person keeps of the groups that wait, each with the change that it is kept against. */
export function keptBy(
  day: PublishingDay,
  changes: readonly NumberChange[],
  waiting: readonly Group[],
  by: AcceptedFinding,
): Kept {
  const totals = new Map(
    changes.filter(({ before }) => before.dimension === '').map((one) => [groupOf(one.before), one]),
  );
  const groups = waiting.map((group) => {
    const total = totals.get(groupOf(group));
    const [was, now] = [total?.before.valueMicros ?? null, total ? valueNow(day, total).valueMicros : null];
    return {
      ...group,
      differenceMicros: was === null || now === null ? null : now - was,
      currency: total?.before.currency ?? null,
    };
  });
  return { groups, by };
}
