import { openMailFolder } from './folder.ts';
import { startHttp } from './http.ts';
import { mailboxSettings } from './settings.ts';
import { startSmtp } from './smtp.ts';

/** The local mailbox as a process: it takes what Meshline sends on this machine, keeps it and shows it. */
const settings = mailboxSettings(process.env);
const folder = await openMailFolder(settings.folder);
const smtp = await startSmtp(folder, settings.smtpPort);
const http = await startHttp(folder, settings.httpPort);

let closing = false;
async function stop(): Promise<void> {
  if (closing) return;
  closing = true;
  await Promise.all([smtp.close(), http.close()]);
  if (process.connected) process.disconnect();
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
// A supervisor that dies takes its mailbox along, so that the next start finds the ports free.
process.on('disconnect', () => void stop());
process.send?.({ ready: true, smtpPort: smtp.port, httpPort: http.port });
