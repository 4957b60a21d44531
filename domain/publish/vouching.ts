import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { ControlResult } from '../reconcile.ts';

export type JudgedControl = Pick<ControlResult, 'metric' | 'storeId' | 'slice' | 'status'>;

/**
 * Compiles whether a metric of a store has a control of its own that matched, and none that did not: then a neighbour's
 * failing control does not touch it. The client as a whole is vouched for by a control of its own, or by every store's.
 */
export function compileVouching(
  { stores }: Pick<OperatingModel, 'stores'>,
  controls: readonly JudgedControl[],
): (metric: string, storeId: string) => boolean {
  const byPlace = Map.groupBy(controls, (one) => `${one.storeId}/${one.metric}`);
  const holds = (metric: string, storeId: string): boolean => {
    const own = byPlace.get(`${storeId}/${metric}`) ?? [];
    return (
      own.some((one) => one.slice === '' && one.status === 'matched') && own.every((one) => one.status !== 'difference')
    );
  };
  return (metric, storeId) =>
    holds(metric, storeId) || (storeId === '' && stores.every((store) => holds(metric, store.id)));
}

/** A day is called reconciled when it has controls and all of them match. */
export const isReconciledDay = (controls: readonly Pick<JudgedControl, 'status'>[]): boolean =>
  controls.length > 0 && controls.every((one) => one.status === 'matched');
