import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of an installation, each in a file that only its owner may read. */
export type SecretName = 'audit.key' | 'customer.key' | 'postgres.password' | 'api.password' | 'local.token';

const BYTES = 32;

/**
 * Reads a secret, making it the first time. The file appears whole or not at all, and one that is there is never
 * replaced: a lost audit key would make every chain look forged.
 */
export function secretOf(folder: string, name: SecretName): string {
  const file = join(folder, name);
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, randomBytes(BYTES).toString('hex'), { mode: 0o600 });
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
