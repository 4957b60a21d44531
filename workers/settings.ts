import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { publicUrlOf } from '../infra/delivery-page/public-url.ts';
import { fileRoots } from '../infra/sources/file/roots.ts';

/** What a worker is told by its environment; the values of secrets stay in their files. */
export type WorkerSettings = {
  databaseUrl: string;
  smtpUrl: string;
  mailFrom: string;
  secretsFolder: string;
  fileRoots: readonly string[];
  /** The address of this installation for readers of mails; null where it has none that they reach. */
  publicUrl: string | null;
  rowWorkThreads: number;
  /** Decisions by signal, from Temporal's own tools. */
  signals: 'on' | 'off';
};

function required(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(`${name} is not set: ${meaning}. Set it, or start everything with "meshline up".`);
}

/** Reads the worker's settings; throws an Error that names the variable, what it is for, and what to do. */
export function workerSettings(env: NodeJS.ProcessEnv): WorkerSettings {
  return {
    databaseUrl: required(env, 'DATABASE_URL', 'the Postgres of the system of record'),
    smtpUrl: required(env, 'SMTP_URL', 'the mail server for reports and notices'),
    mailFrom: env.MESHLINE_MAIL_FROM ?? 'Meshline <meshline@localhost>',
    secretsFolder: join(required(env, 'MESHLINE_HOME', 'the folder with the secrets'), 'secrets'),
    fileRoots: fileRoots(env),
    publicUrl: publicUrlOf(env),
    signals: env.MESHLINE_SIGNALS === 'off' ? 'off' : 'on',
    rowWorkThreads: Math.max(1, Math.min(4, availableParallelism())),
  };
}

/** A key of 32 bytes, kept as hex in a file that only its owner may read. */
export function readKey(folder: string, name: string): Buffer {
  const key = Buffer.from(readFileSync(join(folder, name), 'utf8').trim(), 'hex');
  if (key.length !== 32)
    throw new Error(`${join(folder, name)} holds no key of 32 bytes in hex. Restore it from your backup.`);
  return key;
}
