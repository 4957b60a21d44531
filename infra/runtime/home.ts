import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The data folder and what lies in it. Nothing of an installation lies anywhere else, but for the cache of programs. */
export type Home = {
  root: string;
  postgres: string;
  temporal: string;
  secrets: string;
  run: string;
  logs: string;
  demo: string;
  /** Where a running installation says how it is reached. */
  endpoints: string;
};

const xdg = (env: Env, name: string, fallback: string): string => env[name] ?? join(homedir(), fallback);

/** The data folder: `--data`, else MESHLINE_HOME, else `$XDG_DATA_HOME/meshline`. */
export function homeOf(data: string | undefined, env: Env): Home {
  const root = resolve(data ?? env.MESHLINE_HOME ?? join(xdg(env, 'XDG_DATA_HOME', '.local/share'), 'meshline'));
  return {
    root,
    postgres: join(root, 'postgres'),
    temporal: join(root, 'temporal'),
    secrets: join(root, 'secrets'),
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    demo: join(root, 'demo'),
    endpoints: join(root, 'run', 'endpoints.json'),
  };
}

/** Where programs that were fetched or built are kept, for all checkouts and data folders of this user. */
export const cacheFolder = (env: Env): string => join(xdg(env, 'XDG_CACHE_HOME', '.cache'), 'meshline');

/** Makes the folders of an installation, for this user alone. Throws what the system says. */
export function makeFolders(home: Home): void {
  mkdirSync(home.root, { recursive: true });
  for (const folder of [home.temporal, home.logs, home.secrets, home.run]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}
