import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import getPort from 'get-port';

/** The usual ports; another is chosen where one is taken. */
const USUAL = { api: 4780, postgres: 5478, temporal: 7233, temporalUi: 8233, smtp: 1025, mailbox: 8025 } as const;
export type Ports = Record<keyof typeof USUAL, number>;

function lastPorts(file: string): Partial<Ports> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Ports>;
  } catch {
    return {};
  }
}

/** Chooses free ports: those of the last start where they are free, so that bookmarks hold, then the usual ones. */
export async function choosePorts(runFolder: string): Promise<Ports> {
  const file = join(runFolder, 'ports.json');
  const last = lastPorts(file);
  const chosen = { ...USUAL } as Ports;
  const taken = new Set<number>();
  for (const name of Object.keys(USUAL) as (keyof Ports)[]) {
    const wanted = [last[name], USUAL[name]].filter((port) => port !== undefined && !taken.has(port)) as number[];
    chosen[name] = await getPort({ port: wanted, host: '127.0.0.1', exclude: [...taken] });
    taken.add(chosen[name]);
  }
  writeFileSync(file, JSON.stringify(chosen), { mode: 0o600 });
  return chosen;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether somebody else listens on one of the ports, now that nothing of ours does. */
export async function someoneElseHas(ports: Ports): Promise<boolean> {
  const free = await Promise.all(Object.values(ports).map(isFree));
  return free.includes(false);
}
