import { userInfo } from 'node:os';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { ensureLocalToken } from '../postgres/access/local-token.ts';
import { connect } from '../postgres/connect.ts';
import { migrate } from '../postgres/migrate.ts';
import { connectTemporal, connectTemporalAt } from '../temporal/client.ts';
import { ensureReconcileSchedule, reconcileNow } from '../temporal/reconcile-schedule.ts';
import { ensureSearchAttributes, missingSearchAttributes, registrationCommand } from '../temporal/search-attributes.ts';
import { stopOrphans } from './children.ts';
import { Crew } from './crew.ts';
import { announce, type Endpoints, endpointsOf, withdraw } from './endpoints.ts';
import { type Home, makeFolders } from './home.ts';
import { takeHome } from './lock.ts';
import { nodeService } from './node-service.ts';
import { DATABASE, type Plan, planOf, serviceEnv } from './plan.ts';
import { choosePorts, someoneElseHas } from './ports.ts';
import { clusterUrl, stopHolder } from './postgres/cluster.ts';
import { postgresService } from './postgres/service.ts';
import { secretOf } from './secrets.ts';
import type { Service } from './supervised.ts';
import { obtainTemporalBinary, type Tell } from './temporal/binary.ts';
import { temporalService } from './temporal/server.ts';

export type Installation = { home: Home; endpoints: Endpoints; token: string; stop(tell: Tell): Promise<void> };

type Starting = { home: Home; plan: Plan; tell: Tell; run(service: Service): Promise<void> };

async function ensureDatabase(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function startPostgres({ home, plan, tell, run }: Starting): Promise<void> {
  if (plan.embedded.postgres) {
    tell('Starting Postgres');
    const password = secretOf(home.secrets, 'postgres.password');
    await stopHolder(home.postgres);
    await run(postgresService({ folder: home.postgres, port: plan.ports.postgres, password }, home.logs));
    await ensureDatabase(clusterUrl(plan.ports.postgres, password, 'postgres'));
  }
  tell('Bringing the database to the present schema');
  await migrate(plan.databaseUrl, { apiPassword: secretOf(home.secrets, 'api.password') });
  const { db } = connect(plan.databaseUrl, 1);
  await ensureLocalToken(db, secretOf(home.secrets, 'local.token'), userInfo().username).finally(() => db.destroy());
}

async function withTemporal<T>(plan: Plan, work: (client: Client) => Promise<T>): Promise<T> {
  const { temporalAddress, namespace } = plan;
  const client = plan.embedded.temporal ? await connectTemporalAt(temporalAddress, namespace) : await connectTemporal();
  return work(client).finally(() => client.connection.close());
}

async function requireSearchAttributes(client: Client): Promise<void> {
  const missing = await missingSearchAttributes(client);
  if (missing.length === 0) return;
  throw new Error(`Search attributes are missing. Run: ${registrationCommand(missing, client.options.namespace)}`);
}

async function startTemporal({ home, plan, tell, run }: Starting, binary: string | null): Promise<void> {
  if (!binary) return withTemporal(plan, requireSearchAttributes);
  tell('Starting Temporal');
  const { temporal: port, temporalUi: uiPort } = plan.ports;
  await run(temporalService({ binary, folder: home.temporal, logFolder: home.logs, port, uiPort }));
  await withTemporal(plan, ensureSearchAttributes);
}

/** Repairs what is missing since the last time, now and every few minutes. It goes on while people already work. */
async function lookAfterIt(client: Client): Promise<void> {
  await ensureReconcileSchedule(client);
  await reconcileNow(client);
}

async function startOwn({ home, plan, tell, run }: Starting): Promise<void> {
  const env = serviceEnv(home, plan);
  if (plan.embedded.mailbox) {
    tell('Starting the mailbox');
    await run(nodeService('mailbox', 'infra/mailbox/main.ts', env, home.logs));
  }
  tell('Starting the worker');
  await run(nodeService('worker', 'workers/main.ts', { ...env, DATABASE_URL: plan.databaseUrl }, home.logs));
  tell('Starting the API');
  await run(nodeService('api', 'console/api/main.ts', { ...env, DATABASE_URL: plan.apiDatabaseUrl }, home.logs));
  await withTemporal(plan, lookAfterIt);
}

const MOST_TRIES = 3;

/** Starts all services. A port that somebody took between its choice and its use is a reason to choose anew. */
async function startServices(home: Home, env: NodeJS.ProcessEnv, crew: Crew, tell: Tell): Promise<Plan> {
  const binary = env.TEMPORAL_ADDRESS ? null : await obtainTemporalBinary({ tell, signal: crew.signal, env });
  for (let tries = 1; ; tries += 1) {
    const plan = planOf(env, await choosePorts(home.run), (name) => secretOf(home.secrets, name));
    try {
      const starting = { home, plan, tell, run: crew.run };
      await startPostgres(starting);
      await startTemporal(starting, binary);
      await startOwn(starting);
      return plan;
    } catch (error) {
      await crew.stop(tell);
      if (tries === MOST_TRIES || !(await someoneElseHas(plan.ports))) throw error;
      tell('A port was taken meanwhile; starting on others');
    }
  }
}

/**
 * Starts everything of an installation, in the order in which one needs the other, and supervises it until `stop`.
 * What an earlier supervisor left behind is stopped first. Throws AlreadyRunningError where the folder is in use; any
 * failure stops what had been started.
 */
export async function startInstallation(
  home: Home,
  env: NodeJS.ProcessEnv,
  { tell, signal }: { tell: Tell; signal: AbortSignal },
): Promise<Installation> {
  makeFolders(home);
  const giveBack = takeHome(home.run);
  try {
    for (const name of await stopOrphans(home.run)) tell(`Stopped ${name}, which an earlier start had left behind`);
    withdraw(home);
    const [token] = (['local.token', 'audit.key', 'customer.key'] as const).map((name) => secretOf(home.secrets, name));
    const crew = new Crew(home, tell, signal);
    const endpoints = endpointsOf(await startServices(home, env, crew, tell));
    announce(home, endpoints);
    const stop = async (say: Tell) => {
      withdraw(home);
      await crew.stop(say);
      giveBack();
    };
    return { home, endpoints, token: token!, stop };
  } catch (error) {
    giveBack();
    throw error;
  }
}
