import type { ControlResult } from '../reconcile.ts';

/** What a certificate says when it is issued; it lapses when an input changes. */
export type CertificateState = 'reconciled' | 'qualified' | 'unreconciled';

/** Why a certificate stays lapsed whose metric the operating model has no more. */
export const NO_LONGER_COMPUTED = 'no longer computed';

/** Why a certificate ended in whose place a later one was issued: no input of its own changed. */
export const REPLACED = 'replaced by a later certificate';

/**
 * The state of the certificate of one metric and store. An accepted finding on any of its numbers qualifies it for good;
 * it is reconciled where it has controls of its own and all match; without one there is nothing that it agrees with.
 */
export function certificateState(isAccepted: boolean, own: readonly Pick<ControlResult, 'status'>[]): CertificateState {
  if (isAccepted) return 'qualified';
  return own.length > 0 && own.every((one) => one.status === 'matched') ? 'reconciled' : 'unreconciled';
}
