import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * `honours` takes each key once. `repeats` and `once` take whatever comes, and rely on what their destination says: at
 * least once, at most once.
 */
export const RECEIVERS = ['honours', 'repeats', 'once'] as const;
export type ReceiverName = (typeof RECEIVERS)[number];

export type Arrival = { client: string; key: string; body: string };

/** Systems that get reports, on free ports of the loopback. */
export type Receivers = {
  urls: Readonly<Record<ReceiverName, string>>;
  arrived(name: ReceiverName, client: string): Arrival[];
  /** What a receiver has made of what arrived: one message for each, and for each key where it honours keys. */
  taken(name: ReceiverName, client: string): number;
  /** Takes what arrives from now on without answering, until it is let go. */
  hold(): () => void;
  close(): Promise<void>;
};

const clientIn = (body: string): string => (JSON.parse(body) as { report: { client: string } }).report.client;

/** Starts the three of them. */
export async function startReceivers(): Promise<Receivers> {
  const arrivals: Record<ReceiverName, Arrival[]> = { honours: [], repeats: [], once: [] };
  const waiting: ServerResponse[] = [];
  let isHeld = false;
  const start = async (name: ReceiverName) => {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        arrivals[name].push({ client: clientIn(body), key: String(request.headers['idempotency-key']), body });
        if (isHeld) waiting.push(response);
        else response.writeHead(204).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return { name, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
  };
  const servers = await Promise.all(RECEIVERS.map(start));
  const arrived: Receivers['arrived'] = (name, client) => arrivals[name].filter((one) => one.client === client);
  return {
    urls: Object.fromEntries(servers.map(({ name, url }) => [name, url])) as Record<ReceiverName, string>,
    arrived,
    taken(name, client) {
      const keys = arrived(name, client).map((one) => one.key);
      return name === 'honours' ? new Set(keys).size : keys.length;
    },
    hold() {
      isHeld = true;
      return () => {
        isHeld = false;
        for (const response of waiting.splice(0)) response.writeHead(204).end();
      };
    },
    async close() {
      for (const { server } of servers) {
        server.closeAllConnections();
        await new Promise<void>((done) => server.close(() => done()));
      }
    },
  };
}
