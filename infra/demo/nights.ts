import { join } from 'node:path';
import { addDays } from './local-day.ts';
import { readDemoState, writeDemoState } from './state.ts';
import { lastNightOver, writeDemo } from './write-demo.ts';

/** A client of the demo and the nights of it that are still to be closed, both included. */
export type DemoNights = { clientId: string; name: string; file: string; from: string; to: string };
export type DueNights = { first: boolean; clients: DemoNights[] };

const folderOf = (root: string): string => join(root, 'demo');

/**
 * Writes the demo's nights that have passed by now, and says which are to be closed: fourteen on a fresh data folder,
 * later those since. Null where there is nothing to do, or where the folder was begun without the demo.
 * @param root the data folder
 */
export async function dueNights(root: string, empty: boolean, now: Date): Promise<DueNights | null> {
  const state =
    readDemoState(root) ?? (empty ? { demo: 'none' as const } : { demo: 'shown' as const, closedThrough: null });
  writeDemoState(root, state);
  if (state.demo === 'none') return null;
  const lastNight = lastNightOver(now);
  const { closedThrough } = state;
  if (closedThrough !== null && closedThrough >= lastNight) return null;
  const { clients } = await writeDemo({ folder: folderOf(root), lastNight });
  const from = (firstDay: string) =>
    closedThrough && closedThrough >= firstDay ? addDays(closedThrough, 1) : firstDay;
  return {
    first: closedThrough === null,
    clients: clients.map(({ clientId, name, file, firstDay, lastDay }) => ({
      clientId,
      name,
      file,
      from: from(firstDay),
      to: lastDay,
    })),
  };
}

/** Notes that the nights are closed. A start that was cut off before this closes them again, which changes nothing. */
export const noteNights = (root: string, { clients }: DueNights): void =>
  writeDemoState(root, { demo: 'shown', closedThrough: clients[0]!.to });
