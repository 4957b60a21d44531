import type { Db } from './connect.ts';
import { sortSales } from './customers/sales.ts';
import { isLarge, summarise } from './statistics.ts';

/** By then a close that is alone has what it loaded read, and is done with it. */
const QUIET_AFTER_MS = 3_000;

async function tidy(db: Db, clientId: string): Promise<void> {
  await sortSales(db, clientId);
  await summarise(db);
}

/**
 * Tidies up behind a load once it has committed, so that what looks for it later finds it sooner. No number depends on it,
 * so nobody waits for it, and the close that loaded goes first. Where it fails, the next load or autovacuum does it.
 */
export function tidySoon(db: Db, clientId: string, loaded: number): void {
  if (isLarge(loaded)) setTimeout(() => tidy(db, clientId).catch(() => undefined), QUIET_AFTER_MS).unref();
}
