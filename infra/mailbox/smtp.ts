import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { MailFolder } from './folder.ts';

const MAXIMUM_MESSAGE_BYTES = 32 * 1024 * 1024;
const HOST = '127.0.0.1';

export interface RunningSmtp {
  port: number;
  close: () => Promise<void>;
}

/** Takes mail on 127.0.0.1 without sign-in or TLS, and says yes to a message only once it is stored. */
export async function startSmtp(folder: Pick<MailFolder, 'store'>, port: number): Promise<RunningSmtp> {
  const server = new SMTPServer({
    banner: 'Meshline mailbox',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAXIMUM_MESSAGE_BYTES,
    rejectOversized: true,
    closeTimeout: 2_000,
    onConnect: (session, done) => done(strangerRefused(session)),
    onData: (message, _session, done) => {
      receive(folder, message).then(
        (answer) => done(null, answer),
        (error) => done(smtpReply(error)),
      );
    },
  });
  // A client that hangs up in the middle is reported here; without a listener it would end the process.
  server.on('error', () => {});
  await listening(server, port);
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listening(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
}

function strangerRefused({ remoteAddress }: SMTPServerSession): Error | null {
  const local = /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
  return local ? null : reply(554, 'this mailbox takes mail from its own machine only');
}

/** An oversized message is read to its end, answered with 552 by the server, and not kept. */
async function receive(folder: Pick<MailFolder, 'store'>, message: SMTPServerDataStream): Promise<string> {
  const id = await folder.store(withinLimit(message));
  return `stored as ${id}`;
}

async function* withinLimit(message: SMTPServerDataStream): AsyncGenerator<Buffer> {
  for await (const chunk of message) if (!message.sizeExceeded) yield chunk as Buffer;
  if (message.sizeExceeded) throw reply(552, `the message is larger than ${MAXIMUM_MESSAGE_BYTES} bytes`);
}

/** Every failure to store is one that may heal: the sender keeps the message and tries again. */
export function smtpReply(error: unknown): Error {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  if (responseCode !== undefined) return error as Error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return reply(452, 'the disk is full; free space and send again');
  return reply(451, `the message could not be stored (${code ?? 'unknown reason'}); send again later`);
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
