import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { userInfo } from 'node:os';

const USER = 'postgres';

/** A program with its arguments, as somebody who may run Postgres. */
export type Command = { file: string; args: readonly string[]; uid?: number; gid?: number };

/** Turns a program of Postgres, which refuses to run as root, into a command that this process may start. */
export type RunAs = { command(file: string, args: readonly string[]): Command; own(folder: string): void };

const ASIS: RunAs = { command: (file, args) => ({ file, args }), own: () => undefined };

function idsOf(user: string): { uid: number; gid: number } | null {
  const ask = (flag: string) => spawnSync('id', [flag, user], { encoding: 'utf8' });
  const [uid, gid] = [ask('-u'), ask('-g')];
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

function ensureUser(): { uid: number; gid: number } {
  const known = idsOf(USER);
  if (known) return known;
  execFileSync('groupadd', ['--system', USER], { stdio: 'ignore' });
  execFileSync('useradd', ['--system', '--gid', USER, '--no-create-home', USER], { stdio: 'ignore' });
  return idsOf(USER)!;
}

const canEnter = (folder: string, ids: { uid: number; gid: number }): boolean =>
  spawnSync('ls', ['-d', `${folder}/.`], { ...ids, stdio: 'ignore' }).status === 0;

/** Lets the user pass folders that only root may enter, such as root's home, and nothing else. */
const PASS_FOLDERS = [
  ...['--reuid', USER, '--regid', USER, '--clear-groups', '--securebits', '+no_setuid_fixup'],
  ...['--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search'],
];

function canPassFolders(): boolean {
  return spawnSync('setpriv', [...PASS_FOLDERS, 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * How Postgres is run here: as this user, or where this user is root as `postgres`, who is made where there is none.
 * `folders` are those that Postgres must be able to enter. Throws an Error that says what to do where it cannot.
 */
export function unprivileged(folders: readonly string[]): RunAs {
  if (userInfo().uid !== 0) return ASIS;
  const ids = ensureUser();
  const own = (folder: string) => chownSync(folder, ids.uid, ids.gid);
  const barred = folders.find((folder) => !canEnter(folder, ids));
  if (!barred) return { own, command: (file, args) => ({ file, args, ...ids }) };
  if (canPassFolders())
    return { own, command: (file, args) => ({ file: 'setpriv', args: [...PASS_FOLDERS, file, ...args] }) };
  throw new Error(
    `Postgres does not run as root, and its user "${USER}" may not enter ${barred}. Start Meshline as another user, or keep the checkout and --data where everybody may enter, such as /var/lib/meshline.`,
  );
}
