import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Deps } from '../activities/deps.ts';
import { createActivities } from '../activities/index.ts';
import { createCareActivities } from '../activities/installation/index.ts';
import { pageLinks } from '../infra/delivery-page/links.ts';
import { closeMailTransports } from '../infra/mail/transports.ts';
import { connect } from '../infra/postgres/connect.ts';
import { noteSecretVariables } from '../infra/postgres/installation/worker-environment.ts';
import { startRowWork } from '../infra/rowwork/pool.ts';
import { connectTemporal } from '../infra/temporal/client.ts';
import { engineOver } from '../infra/temporal/engine.ts';
import { installationOver } from '../infra/temporal/installation.ts';
import { missingSearchAttributes, registrationCommand } from '../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../infra/temporal/start-close.ts';
import { secretsOf, secretVariablesOf } from '../infra/webhook/secrets.ts';
import { beatWhileRunning } from './beat.ts';
import { bundleWorkflows } from './bundle.ts';
import { classifyFailures } from './classify-failures.ts';
import { readKey, workerSettings } from './settings.ts';

const MEGABYTE = 1024 * 1024;
const CONCURRENT_ACTIVITIES = 24;

const settings = workerSettings(process.env);
const client = await connectTemporal();
const missing = await missingSearchAttributes(client);
if (missing.length > 0)
  throw new Error(`Search attributes are missing. Run: ${registrationCommand(missing, client.options.namespace)}`);

const { db } = connect(settings.databaseUrl, CONCURRENT_ACTIVITIES);
const auditKey = readKey(settings.secretsFolder, 'audit.key');
const rowWork = startRowWork(settings.rowWorkThreads);
const deps = {
  db,
  databaseUrl: settings.databaseUrl,
  rowWork,
  secrets: {
    auditKey,
    customerKey: readKey(settings.secretsFolder, 'customer.key'),
  },
  files: { roots: settings.fileRoots, maximumRecordBytes: 16 * MEGABYTE, maximumFileBytes: 16 * 1024 * MEGABYTE },
  mail: { transportUrl: settings.smtpUrl, from: settings.mailFrom },
  pages: pageLinks(auditKey, settings.publicUrl),
  engine: engineOver(client),
  secretOf: secretsOf(process.env),
  signals: settings.signals,
} satisfies Deps;
const activities = {
  ...createActivities(deps),
  ...createCareActivities({ ...deps, installation: installationOver(client) }),
};

const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await NativeConnection.connect(connectionOptions);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  workflowBundle: await bundleWorkflows(),
  activities,
  maxConcurrentActivityTaskExecutions: CONCURRENT_ACTIVITIES,
  shutdownGraceTime: '10s',
  shutdownForceTime: '30s',
  interceptors: { activity: [beatWhileRunning, classifyFailures].map((inbound) => () => ({ inbound })) },
});

// Whoever applies a document is told of a secret that it names and no worker has.
await noteSecretVariables(db, secretVariablesOf(process.env));

// A supervisor that dies takes its worker along: two workers of different builds on one data folder would be worse.
const shutDown = () => worker.shutdown();
process.on('disconnect', shutDown);
process.send?.({ ready: true });
try {
  await worker.run();
} finally {
  process.off('disconnect', shutDown);
  process.disconnect?.();
  await rowWork.close();
  await closeMailTransports();
  await db.destroy();
  await connection.close();
  await client.connection.close();
}
