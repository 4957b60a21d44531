import type { FastifyInstance } from 'fastify';

/**
 * Refuses what a page of another site could send: a request under a foreign host name (DNS rebinding) or from a foreign
 * origin. No answer may be framed, embedded or read from elsewhere.
 */
export function guardAgainstOtherSites(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const hosts = ownHosts(request.socket.localPort ?? 0);
    const { host, origin } = request.headers;
    const foreignOrigin = origin !== undefined && !hosts.some((own) => origin === `http://${own}`);
    if (!hosts.includes(host ?? '') || foreignOrigin) {
      return reply.code(403).send({ error: `The mailbox answers under http://${hosts[0]} only.` });
    }
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    if (!reply.hasHeader('Content-Security-Policy')) reply.header('Content-Security-Policy', PAGE_POLICY);
  });
}

/** Our own pages: our style sheet and the frame of a message, no script. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A message: what it brings along and nothing else. Links open outside the frame; it runs no script and loads nothing. */
export const MESSAGE_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
  "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

function ownHosts(port: number): string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
}
