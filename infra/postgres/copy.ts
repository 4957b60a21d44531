import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in COPY's text format. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (char) => ESCAPES[char]!) : value;
}

/** Streams lines of COPY text into `target` (a table with its columns); resolves with the number of lines. */
export async function copyInto(
  client: ClientBase,
  target: string,
  chunks: AsyncIterable<readonly string[]>,
): Promise<number> {
  const stream = client.query(copyFrom(`copy ${target} from stdin`));
  const ended = finished(stream);
  ended.catch(() => undefined);
  let lines = 0;
  try {
    for await (const chunk of chunks) {
      lines += chunk.length;
      if (chunk.length === 0 || stream.write(`${chunk.join('\n')}\n`)) continue;
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), ended]);
    }
  } catch (error) {
    stream.destroy(error as Error);
    await ended.catch(() => undefined);
    throw error;
  }
  stream.end();
  await ended;
  return lines;
}
