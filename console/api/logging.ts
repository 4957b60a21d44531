import type { FastifyRequest } from 'fastify';

/** The token of a page is a key to it: a log keeps where it was asked for, and not what for. */
export const loggedUrl = (url: string): string => url.replace(/^\/r\/[^?]*/, '/r/[token]');

/** What a log says of a request. */
export const requestLog = ({ method, url, host, ip, socket }: FastifyRequest) => ({
  method,
  url: loggedUrl(url),
  host,
  remoteAddress: ip,
  remotePort: socket?.remotePort,
});
