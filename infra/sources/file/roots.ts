import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Folders of an installation that no file source may read: keys, tokens, other clients' uploads and mails. */
const OWN_FOLDERS = ['secrets', 'run', 'postgres', 'temporal', 'logs', 'mailbox', 'uploads'];

/** A folder that is taken out of the roots, wherever they lead. */
export const takenOut = (folder: string): string => `!${folder}`;

/**
 * The folders that file sources may read, by MESHLINE_FILE_ROOTS, and, each after a `!`, those that they may not: one of
 * the environment's, or one in which the installation keeps what is its own.
 */
export function fileRoots(env: Env): readonly string[] {
  const named = (env.MESHLINE_FILE_ROOTS ?? '').split(delimiter).filter((root) => root !== '');
  const home = env.MESHLINE_HOME;
  if (!home) return named;
  const real = existsSync(home) ? realpathSync(home) : home;
  return [...named, ...OWN_FOLDERS.map((name) => takenOut(join(real, name)))];
}
