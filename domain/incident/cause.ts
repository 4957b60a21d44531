import type { OperatingModel } from '../../schemas/operating-model.ts';

type Found = { kind: string; source_id: string | null; control_id: string | null };

/**
 * What makes findings of different clients look like one cause: the same kind of finding at the same source over the
 * same connector, or at the same control. A finding on a metric alone says nothing of its cause: null.
 */
export function causeKeyOf(
  model: Pick<OperatingModel, 'sources'>,
  { kind, source_id, control_id }: Found,
): string | null {
  if (source_id !== null) {
    const connector = model.sources.find((one) => one.id === source_id)?.connector ?? '';
    return JSON.stringify([kind, 'source', connector, source_id]);
  }
  return control_id === null ? null : JSON.stringify([kind, 'control', control_id]);
}

/**
 * Findings this far apart are one cause no more. A day, because one outage shows in every zone's own night, and the
 * nights of one date lie up to a day apart.
 */
export const SAME_CAUSE_WITHIN_MS = 24 * 60 * 60_000;
