import type { Metric } from '../../domain/metrics/definition.ts';
import { changePercent } from './scale.ts';

/** A deduction prints without its sign: it changes as its size does. */
export function changeOf(
  { deduction }: Pick<Metric, 'deduction'>,
  now: bigint | null,
  before: bigint | null,
): string | null {
  const sizeOf = (micros: bigint | null) => (deduction && micros !== null ? -micros : micros);
  return changePercent(sizeOf(now), sizeOf(before));
}
