import { activityInfo } from '@temporalio/activity';
import { periodOf } from '../../domain/export/period.ts';
import { ExportRefused } from '../../infra/export/place.ts';
import { writePeriod } from '../../infra/export/write-period.ts';
import { hasNumbers } from '../../infra/postgres/export/rows.ts';
import type { ExportDestination, OperatingModel } from '../../schemas/operating-model.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';
import { liveExports } from '../handoff/open.ts';
import { recordExport, recordUnwritten } from './record.ts';

type ExportDeps = Pick<Deps, 'db' | 'secrets' | 'files'>;

/** Tries of one attempt, about a quarter of an hour of them; then the hand-off is missed and the day goes on. */
const LAST_TRY = 12;
/** A person has to change something before these go away. */
const PERMANENT = ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'];

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isOfFiles = (error: unknown): boolean => error instanceof Error && 'syscall' in error && 'path' in error;

/** Why a file was not written, where that is no defect of the program; undefined where it is worth another try. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ExportRefused) return error.message;
  if (!isOfFiles(error)) throw error;
  const isLast = PERMANENT.includes(codeOf(error) ?? '') || activityInfo().attempt >= LAST_TRY;
  return isLast ? (error as Error).message : undefined;
}

async function exportTo(
  deps: ExportDeps,
  day: DayKey,
  model: OperatingModel,
  destination: ExportDestination,
): Promise<unknown> {
  const { clientId, businessDate } = day;
  try {
    const period = periodOf(destination.by, businessDate);
    const written = await writePeriod(deps.db, clientId, destination, period, deps.files.roots);
    await recordExport(deps, day, model, destination, written);
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) return error;
    await recordUnwritten(deps, day, model, destination, reason);
    return undefined;
  }
}

/**
 * Writes the files that a day is in, for every live export of its model. One that cannot be written keeps no other
 * waiting; answers a failure that may heal, for a later try.
 */
export async function exportDay(deps: ExportDeps, day: DayKey, model: OperatingModel): Promise<unknown> {
  const destinations = liveExports(model);
  if (destinations.length === 0 || !(await hasNumbers(deps.db, day.clientId, day.businessDate))) return undefined;
  let unwritten: unknown;
  for (const destination of destinations) unwritten = (await exportTo(deps, day, model, destination)) ?? unwritten;
  return unwritten;
}
