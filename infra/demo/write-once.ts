import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DemoFile } from './day-files.ts';

/**
 * Writes a file whole or not at all. One that is there stays as it is: a past night does not change because the demo is
 * generated again, and neither does a document that somebody has edited.
 */
export async function writeOnce(folder: string, { path, text }: DemoFile): Promise<void> {
  const target = join(folder, path);
  const part = `${target}.${process.pid}.part`;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(part, text);
  try {
    await link(part, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(part, { force: true });
  }
}
