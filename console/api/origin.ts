import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

const hostname = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

function originHost(origin: string): string | null {
  try {
    return new URL(origin).hostname.toLowerCase();
  } catch {
    return null;
  }
}

/**
 * Refuses a request that a page of another site could have sent: its Host must be a name of ours (else DNS rebinding
 * reaches us), its Origin, if there is one, as well.
 */
export function originCheck(allowedHosts: readonly string[]): (request: FastifyRequest) => void {
  const known = new Set([...LOOPBACK, ...allowedHosts.map((one) => one.toLowerCase())]);
  return (request) => {
    const host = request.headers.host ?? '';
    if (!known.has(hostname(host)))
      throw new Problem(
        403,
        'unknown-host',
        'Unknown host',
        `The request is for "${host}", which is no name of this API. Use its own address, or add the name to MESHLINE_API_ALLOWED_HOSTS.`,
      );
    const { origin } = request.headers;
    if (origin !== undefined && !known.has(originHost(origin) ?? ''))
      throw new Problem(
        403,
        'foreign-origin',
        'Foreign origin',
        `The request comes from a page of ${origin}, which may not use this API. Use the console of this installation.`,
      );
  };
}

/** What browsers are told with every answer; the documentation alone brings scripts and styles of its own. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};
