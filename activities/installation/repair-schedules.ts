import { scheduledNights } from '../../infra/postgres/installation/clients.ts';
import type { CareDeps } from './deps.ts';

export type RepairedSchedules = { wanted: number; changed: readonly string[] };

/** Gives every scheduled client the nightly schedule that its operating model asks for, where it has not. */
export function createRepairSchedules({ db, installation }: CareDeps) {
  return async function repairSchedules(): Promise<RepairedSchedules> {
    const ensured = await installation.ensureSchedules(await scheduledNights(db));
    return { wanted: ensured.length, changed: ensured.filter((one) => one.changed).map((one) => one.clientId) };
  };
}
