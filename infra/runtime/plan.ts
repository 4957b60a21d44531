import type { Home } from './home.ts';
import type { Ports } from './ports.ts';
import { clusterUrl } from './postgres/cluster.ts';
import type { SecretName } from './secrets.ts';

type Env = Readonly<Record<string, string | undefined>>;

export const DATABASE = 'meshline';

/** Where everything of an installation is reached; what is not embedded is as the environment names it. */
export type Plan = {
  embedded: { postgres: boolean; temporal: boolean; mailbox: boolean };
  databaseUrl: string;
  /** The same database for the API's role, which sees only the clients that it is told. */
  apiDatabaseUrl: string;
  temporalAddress: string;
  namespace: string;
  smtpUrl: string;
  fileRoots: string;
  /** Where readers of mails reach the API; empty where mails leave this machine and nobody said. */
  publicUrl: string;
  ports: Ports;
};

function apiUrlOf(databaseUrl: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = 'meshline_api';
  url.password = password;
  return url.href;
}

/** Plans an installation: DATABASE_URL, TEMPORAL_ADDRESS and SMTP_URL each replace what would be embedded. */
export function planOf(env: Env, ports: Ports, secret: (name: SecretName) => string): Plan {
  const databaseUrl = env.DATABASE_URL ?? clusterUrl(ports.postgres, secret('postgres.password'), DATABASE);
  return {
    embedded: { postgres: !env.DATABASE_URL, temporal: !env.TEMPORAL_ADDRESS, mailbox: !env.SMTP_URL },
    databaseUrl,
    apiDatabaseUrl: apiUrlOf(databaseUrl, secret('api.password')),
    temporalAddress: env.TEMPORAL_ADDRESS ?? `127.0.0.1:${ports.temporal}`,
    namespace: env.TEMPORAL_NAMESPACE ?? 'default',
    smtpUrl: env.SMTP_URL ?? `smtp://127.0.0.1:${ports.smtp}`,
    // Embedded, the person who started it may have read whatever that person can read; production allows nothing until told.
    fileRoots: env.MESHLINE_FILE_ROOTS ?? (env.DATABASE_URL ? '' : '/'),
    publicUrl: env.MESHLINE_PUBLIC_URL ?? (env.SMTP_URL ? '' : `http://127.0.0.1:${ports.api}`),
    ports,
  };
}

/** The environment that our own processes get. */
export function serviceEnv(home: Home, plan: Plan): Record<string, string> {
  return {
    MESHLINE_HOME: home.root,
    MESHLINE_FILE_ROOTS: plan.fileRoots,
    TEMPORAL_ADDRESS: plan.temporalAddress,
    TEMPORAL_NAMESPACE: plan.namespace,
    SMTP_URL: plan.smtpUrl,
    MESHLINE_API_HOST: '127.0.0.1',
    MESHLINE_API_PORT: String(plan.ports.api),
    MESHLINE_PUBLIC_URL: plan.publicUrl,
    MESHLINE_MAILBOX_SMTP_PORT: String(plan.ports.smtp),
    MESHLINE_MAILBOX_HTTP_PORT: String(plan.ports.mailbox),
  };
}
