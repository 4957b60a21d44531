import type { Fix } from '../../../domain/remediation/fix.ts';
import type { Source } from '../../../schemas/operating-model.ts';
import type { ClaimScope } from '../../postgres/reconcile/claims.ts';
import { repeatedBlocks } from '../../postgres/reconcile/repeated-blocks.ts';
import type { Situation } from './situation.ts';

/** The parts of the finding's metric, on its day. */
export const scopeOf = ({ day, contribution }: Situation): ClaimScope => ({
  clientId: day.clientId,
  date: day.businessDate,
  dimension: '',
  contribution,
});

/** Ids that follow each other, as ranges. */
function rangesOf(ids: readonly bigint[]): [string, string][] {
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : 1));
  const ranges: [bigint, bigint][] = [];
  for (const id of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] + 1n === id) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([first, last]) => [String(first), String(last)]);
}

/**
 * The copy of a block of lines that stands twice in a file is dropped. Equal lines that stand apart may both be meant:
 * they are never dropped.
 */
export async function proposeDroppingBlocks(situation: Situation, source: Source): Promise<Fix[]> {
  if (!source.mapping.key.includes('$line')) return [];
  const claims = await repeatedBlocks(situation.session.db, scopeOf(situation), [source.id]);
  const blocks = Map.groupBy(
    claims.filter((one) => one.detail.startsWith('lines ')),
    (one) => one.detail,
  );
  return [...blocks].map(([detail, records]) => ({
    kind: 'drop_duplicates',
    title: `Drop ${detail}: they repeat lines before them`,
    change: {
      by: 'adjusting',
      source: source.id,
      add: [{ kind: 'skip_events', ranges: rangesOf(records.map((one) => one.rawEventId)) }],
    },
  }));
}
