import type { Session } from './session.ts';

export type Query = { text: string; values: readonly unknown[] };

let opened = 0;

/**
 * Reads a query's rows, as arrays, a block at a time: memory does not grow with their number, and what is made of a block
 * is garbage before it grows old. The next block is fetched while the last is worked on. The session must be in a
 * transaction, and may be used for other work between two blocks, its own COPY included.
 */
export async function* readBlocks<Row extends unknown[]>(
  { client }: Session,
  query: Query,
  rowsPerBlock = 1_000,
): AsyncGenerator<Row[]> {
  opened += 1;
  const name = `blocks_${opened}`;
  await client.query(`declare ${name} no scroll cursor for ${query.text}`, [...query.values]);
  const fetch = () => {
    const block = client.query<Row>({ text: `fetch ${rowsPerBlock} from ${name}`, rowMode: 'array' as const });
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    block.catch(() => undefined);
    return block;
  };
  for (let next = fetch(); ; ) {
    const { rows } = await next;
    const more = rows.length === rowsPerBlock;
    if (more) next = fetch();
    if (rows.length > 0) yield rows;
    if (!more) break;
  }
  await client.query(`close ${name}`);
}
