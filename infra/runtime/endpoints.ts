import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Home } from './home.ts';
import type { Plan } from './plan.ts';
import { identify } from './process-identity.ts';

/** What people and the command line need to reach a running installation; `postgres` holds a password. */
export type Endpoints = {
  pid: number;
  startedAt: string;
  api: string;
  console: string;
  temporalUi: string | null;
  postgres: string | null;
  mailbox: string | null;
  smtp: string;
  temporalAddress: string;
  namespace: string;
};

export function endpointsOf({ embedded, ports, ...plan }: Plan): Endpoints {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    pid: process.pid,
    startedAt: identify(process.pid)?.startedAt ?? '',
    api: at(ports.api),
    console: `${at(ports.api)}/docs`,
    temporalUi: embedded.temporal ? at(ports.temporalUi) : null,
    postgres: embedded.postgres ? plan.databaseUrl : null,
    mailbox: embedded.mailbox ? at(ports.mailbox) : null,
    smtp: plan.smtpUrl,
    temporalAddress: plan.temporalAddress,
    namespace: plan.namespace,
  };
}

/** Makes an installation known, once everything of it answers. */
export function announce(home: Home, endpoints: Endpoints): void {
  writeFileSync(`${home.endpoints}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${home.endpoints}.new`, home.endpoints);
}

export const withdraw = (home: Home): void => rmSync(home.endpoints, { force: true });
