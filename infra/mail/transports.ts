import { createTransport } from 'nodemailer';
import type { SmtpTarget } from './smtp-url.ts';

const TIMEOUTS_MS = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** One more try on a fresh connection, for a kept one may have been closed by the server; further retries are the workflow's. */
const REQUEUES = 1;

type Pool = ReturnType<typeof openPool>;

const pools = new Map<string, Pool>();

/** The process's pool for an SMTP URL, opened at the first send. What the URL's query says wins over these options. */
export function pooledTransport(target: SmtpTarget): Pool {
  const pool = pools.get(target.url) ?? openPool(target);
  pools.set(target.url, pool);
  return pool;
}

/** Ends all pooled connections; a worker calls it when it shuts down, else an idle connection keeps the process alive. */
export function closeMailTransports(): void {
  for (const pool of pools.values()) pool.close();
  pools.clear();
}

function openPool(target: SmtpTarget) {
  return createTransport({
    url: target.url,
    pool: true,
    maxConnections: 2,
    maxMessages: 100,
    maxRequeues: REQUEUES,
    requireTLS: target.requireTls,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...TIMEOUTS_MS,
  });
}
