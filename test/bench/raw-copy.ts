import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const DATABASE = 'bench_raw';
const CHUNK_BYTES = 1 << 20;

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A database of its own in the same cluster, and all that is dirty written out, so that no measurement pays for another. */
export async function prepareRawCopy(meshlineUrl: string): Promise<string> {
  await onDatabase(meshlineUrl, (client) => client.query(`create database ${DATABASE}`));
  const url = new URL(meshlineUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

export const settle = (url: string): Promise<unknown> => onDatabase(url, (client) => client.query('checkpoint'));

/**
 * Seconds that a streaming COPY of a file takes into a logged, unindexed table of one jsonb column, over one connection.
 * The table is made in a transaction of its own: in the same one, Postgres would write no log.
 */
export function rawCopySeconds(url: string, path: string): Promise<number> {
  return onDatabase(url, async (client) => {
    await client.query('create table raw_lines (line jsonb)');
    const begun = performance.now();
    const lines = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    await pipeline(lines, client.query(copyFrom('copy raw_lines from stdin')));
    const seconds = (performance.now() - begun) / 1000;
    await client.query('drop table raw_lines');
    return seconds;
  });
}
