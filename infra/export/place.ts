import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAllowed, openRoots } from '../sources/file/locate.ts';

/** A file that may not be written, whoever tries how often. Its message says what to do. */
export class ExportRefused extends Error {}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The nearest folder above a place that is there, symlinks resolved. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (!isAbsent(error) || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}

function assertAllowed(real: string, roots: readonly string[]): void {
  if (isAllowed(real, roots)) return;
  const allowed = openRoots(roots).join(', ') || 'none';
  throw new ExportRefused(
    `${real} lies outside the allowed file roots (${allowed}). Add the folder to MESHLINE_FILE_ROOTS of the workers, or name another location; the folders of the installation itself are never written.`,
  );
}

/**
 * Makes a folder and those above it, one by one: told to make them all, Node asks for ever where a file system has none
 * to give (under /proc, say).
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if (!isAbsent(error)) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch((again: unknown) => {
      if (!isAbsent(again)) throw again;
      throw new ExportRefused(`${folder} cannot be made: its file system makes no folders. Name another location.`);
    });
  }
}

/** Judged before folders are made and again when they are there: what a symlink leads to counts, not its name. */
async function openFolder(folder: string, roots: readonly string[]): Promise<string> {
  assertAllowed(await nearestFolder(folder), roots);
  await makeFolder(folder);
  const real = await realpath(folder);
  assertAllowed(real, roots);
  return real;
}

/**
 * Finds where a file may be written: its folder, made if need be, with symlinks resolved and inside the roots. Throws
 * ExportRefused where something else than a regular file has its name.
 */
export async function placeFile(path: string, roots: readonly string[]): Promise<{ path: string; exists: boolean }> {
  const real = join(await openFolder(dirname(path), roots), basename(path));
  const there = await lstat(real).catch((error: unknown) => {
    if (isAbsent(error)) return null;
    throw error;
  });
  if (there && !there.isFile())
    throw new ExportRefused(`${real} is there and is no regular file. Remove it, or name another location.`);
  return { path: real, exists: there !== null };
}
