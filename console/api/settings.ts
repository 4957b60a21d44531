import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicUrlOf } from '../../infra/delivery-page/public-url.ts';
import { fileRoots } from '../../infra/sources/file/roots.ts';

/** What the API is told by its environment; the values of secrets stay in their files. */
export type ApiSettings = {
  databaseUrl: string;
  host: string;
  port: number;
  secretsFolder: string;
  uploadsFolder: string;
  fileRoots: readonly string[];
  /** Names under which the API is reached beside its own address; others are refused. */
  allowedHosts: readonly string[];
  /** Where readers of mails reach the API; null where nobody said. */
  publicUrl: string | null;
  logLevel: string;
};

function required(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(`${name} is not set: ${meaning}. Set it, or start everything with "meshline up".`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`MESHLINE_API_PORT is "${text}". Set it to a port, such as 7070.`);
}

const list = (text: string | undefined, separator: string): string[] =>
  (text ?? '').split(separator).filter((one) => one !== '');

/** Reads the API's settings; throws an Error that names the variable, what it is for, and what to do. */
export function apiSettings(env: NodeJS.ProcessEnv): ApiSettings {
  const home = required(env, 'MESHLINE_HOME', 'the folder with the secrets and the uploads');
  const publicUrl = publicUrlOf(env);
  return {
    databaseUrl: required(env, 'DATABASE_URL', 'the system of record, for the role meshline_api'),
    host: env.MESHLINE_API_HOST ?? '127.0.0.1',
    port: portOf(required(env, 'MESHLINE_API_PORT', 'the port that the API listens on')),
    secretsFolder: join(home, 'secrets'),
    uploadsFolder: join(home, 'uploads'),
    fileRoots: fileRoots(env),
    allowedHosts: [...list(env.MESHLINE_API_ALLOWED_HOSTS, ','), ...(publicUrl ? [new URL(publicUrl).hostname] : [])],
    publicUrl,
    logLevel: env.MESHLINE_LOG_LEVEL ?? 'info',
  };
}

/** A key of 32 bytes, kept as hex in a file that only its owner may read. */
export function readKey(folder: string, name: string): Buffer {
  const key = Buffer.from(readFileSync(join(folder, name), 'utf8').trim(), 'hex');
  if (key.length !== 32)
    throw new Error(`${join(folder, name)} holds no key of 32 bytes in hex. Restore it from your backup.`);
  return key;
}
