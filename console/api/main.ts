import { pageLinks } from '../../infra/delivery-page/links.ts';
import { connect } from '../../infra/postgres/connect.ts';
import { startRecompute } from '../../infra/rowwork/recompute-pool.ts';
import { connectTemporalLazily } from '../../infra/temporal/client.ts';
import { secretsOf } from '../../infra/webhook/secrets.ts';
import { buildApp } from './app.ts';
import { apiSettings, readKey } from './settings.ts';

const CONNECTIONS = 10;
const RECOMPUTING_THREADS = 2;
const GIGABYTE = 1024 ** 3;

const settings = apiSettings(process.env);
const auditKey = readKey(settings.secretsFolder, 'audit.key');
const { db } = connect(settings.databaseUrl, CONNECTIONS);
const temporal = connectTemporalLazily();
const recompute = startRecompute(RECOMPUTING_THREADS);
const app = await buildApp(
  {
    db,
    databaseUrl: settings.databaseUrl,
    temporal,
    recompute,
    isSecretSet: (ref) => secretsOf(process.env)(ref) !== null,
    pages: pageLinks(auditKey, settings.publicUrl),
    secrets: {
      auditKey,
      customerKey: readKey(settings.secretsFolder, 'customer.key'),
    },
    files: { roots: settings.fileRoots, uploadsFolder: settings.uploadsFolder, maximumUploadBytes: 4 * GIGABYTE },
  },
  {
    allowedHosts: [settings.host, ...settings.allowedHosts],
    logger: { level: settings.logLevel, redact: ['req.headers.authorization', 'headers.authorization'] },
  },
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await app.close();
  await recompute.close();
  await db.destroy();
  await temporal.connection.close();
  if (process.connected) process.disconnect();
}

process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
// A supervisor that dies takes its children along.
process.once('disconnect', () => void stop());

await app.listen({ host: settings.host, port: settings.port });
process.send?.({ ready: true });
