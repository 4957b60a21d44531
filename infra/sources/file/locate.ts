import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { SourceFailure } from '../failure.ts';

/** The path of a day's file: `{date}` filled in. */
export function slotPath(location: string, date: string): string {
  return location.replaceAll('{date}', date);
}

async function resolved(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES')
      throw new SourceFailure('no_permission', `${path}: no permission to look it up. Allow it to be read.`);
    throw error;
  }
}

const isIn = (real: string, root: string): boolean =>
  root === sep || real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);

/** Whether a place, symlinks resolved, lies in the allowed folders and in none of those that are taken out of them. */
export function isAllowed(real: string, roots: readonly string[]): boolean {
  const closed = roots.filter((root) => root.startsWith('!')).map((root) => root.slice(1));
  return openRoots(roots).some((root) => isIn(real, root)) && !closed.some((root) => isIn(real, root));
}

export const openRoots = (roots: readonly string[]): readonly string[] => roots.filter((root) => !root.startsWith('!'));

function assertAllowed(real: string, roots: readonly string[]): void {
  if (isAllowed(real, roots)) return;
  throw new SourceFailure(
    'outside_allowed_roots',
    `${real}: lies outside the allowed file roots (${openRoots(roots).join(', ') || 'none'}). Move the file or add its folder to MESHLINE_FILE_ROOTS; the folders of the installation itself are never read.`,
  );
}

async function assertReadableFile(real: string): Promise<void> {
  if (!(await stat(real)).isFile())
    throw new SourceFailure('not_a_file', `${real}: is not a regular file. Point \`location\` at a file.`);
  await access(real, constants.R_OK).catch(() => {
    throw new SourceFailure('no_permission', `${real}: no permission to read it. Allow this user to read the file.`);
  });
}

/**
 * Finds a day's file, plain or with `.gz` after its name, symlinks resolved. Returns null where there is none.
 * Throws SourceFailure for a directory, a missing permission and a place outside the allowed roots.
 */
export async function locateFile(path: string, roots: readonly string[]): Promise<string | null> {
  const real = (await resolved(path)) ?? (await resolved(`${path}.gz`));
  if (real === null) return null;
  assertAllowed(real, roots);
  await assertReadableFile(real);
  return real;
}
