import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { headers: IncomingHttpHeaders; body: string };
/** A real HTTP server on a free port of the loopback; it keeps what it is sent. */
export type Receiver = {
  url: string;
  received: Received[];
  /**
   * Answers the next requests so, one status each; 200 when they are used up. 0 ends the connection without an answer.
   */
  answerWith(...statuses: number[]): void;
  /** Answers every request so from now on, but for those of `answerWith`. */
  answerAlways(status: number): void;
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const statuses: number[] = [];
  let always = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      const status = statuses.shift() ?? always;
      if (status === 0) return void request.socket.destroy();
      const moved = status >= 300 && status < 400 ? { location: '/elsewhere' } : {};
      response.writeHead(status, moved).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith: (...wanted) => void statuses.splice(0, statuses.length, ...wanted),
    answerAlways(status) {
      always = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
