import type { Session } from './session.ts';

export type Query = { text: string; values: readonly unknown[] };

let opened = 0;

/**
 * Reads a query's rows, as arrays, a block at a time: memory does not grow with their number. The session must be in a
 * transaction, and may be used for other work between two blocks, its own COPY included.
 */
export async function* readBlocks<Row extends unknown[]>(
  { client }: Session,
  query: Query,
  rowsPerBlock = 5_000,
): AsyncGenerator<Row[]> {
  opened += 1;
  const name = `blocks_${opened}`;
  await client.query(`declare ${name} no scroll cursor for ${query.text}`, [...query.values]);
  const fetch = { text: `fetch ${rowsPerBlock} from ${name}`, rowMode: 'array' as const };
  for (;;) {
    const { rows } = await client.query<Row>(fetch);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerBlock) break;
  }
  await client.query(`close ${name}`);
}
