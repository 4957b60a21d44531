import { join } from 'node:path';

/** What the mailbox is told by its environment. */
export interface MailboxSettings {
  smtpPort: number;
  httpPort: number;
  /** Where the messages are kept, one file each. */
  folder: string;
}

/** Reads the mailbox's settings; throws an Error that names the variable, what it is for, and what to do. */
export function mailboxSettings(env: NodeJS.ProcessEnv): MailboxSettings {
  return {
    smtpPort: port(env, 'MESHLINE_MAILBOX_SMTP_PORT', 'the port that mail is sent to'),
    httpPort: port(env, 'MESHLINE_MAILBOX_HTTP_PORT', 'the port of the mailbox’s pages'),
    folder: join(required(env, 'MESHLINE_HOME', 'the folder that keeps the mail'), 'mailbox'),
  };
}

function port(env: NodeJS.ProcessEnv, name: string, meaning: string): number {
  const value = Number(required(env, name, meaning));
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new Error(`${name} is "${env[name]}", not a port from 0 to 65535: it is ${meaning}.`);
}

function required(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(`${name} is not set: ${meaning}. Set it, or start everything with "meshline up".`);
}
