import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a data folder has of the demo: nothing by choice, or its nights up to one. */
export type DemoState = { demo: 'none' } | { demo: 'shown'; closedThrough: string | null };

const fileOf = (root: string): string => join(root, 'demo.json');

/** Null on a fresh data folder. */
export function readDemoState(root: string): DemoState | null {
  try {
    return JSON.parse(readFileSync(fileOf(root), 'utf8')) as DemoState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export function writeDemoState(root: string, state: DemoState): void {
  writeFileSync(`${fileOf(root)}.new`, `${JSON.stringify(state)}\n`);
  renameSync(`${fileOf(root)}.new`, fileOf(root));
}
