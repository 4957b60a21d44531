import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { type MailFolder, openMailFolder } from '../../../infra/mailbox/folder.ts';
import { startHttp } from '../../../infra/mailbox/http.ts';
import { startSmtp } from '../../../infra/mailbox/smtp.ts';

export interface RunningMailbox {
  folder: MailFolder;
  smtpPort: number;
  url: string;
  send: (mail?: SendMailOptions) => Promise<string>;
  close: () => Promise<void>;
}

/** A mailbox with both of its doors on free ports; `path` names a folder to start again on. */
export async function runMailbox(path: string): Promise<RunningMailbox> {
  const folder = await openMailFolder(path);
  const smtp = await startSmtp(folder, 0);
  const http = await startHttp(folder, 0);
  return {
    folder,
    smtpPort: smtp.port,
    url: http.url,
    send: (mail = {}) => sendTo(smtp.port, mail),
    close: async () => void (await Promise.all([smtp.close(), http.close()])),
  };
}

const MAIL = {
  from: 'Meshline <close@agency.example>',
  to: 'finance@client.example',
  subject: 'The day',
  text: 'Closed.',
};

/** Sends one mail over real SMTP and returns the server's answer; rejects as nodemailer does. */
export async function sendTo(port: number, mail: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port });
  try {
    return (await transport.sendMail({ ...MAIL, ...mail })).response;
  } finally {
    transport.close();
  }
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'meshline-mailbox-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** One request with exactly these headers, as a browser under a rebound name would send it. */
export function statusOf(url: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}
