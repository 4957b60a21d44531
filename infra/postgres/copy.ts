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

/** A COPY under way. Until it has ended its connection can do nothing else. */
export type Copy = {
  /** Resolves when there is room for more. Throws what the database says of earlier lines. */
  write(lines: readonly string[]): Promise<void>;
  /** Resolves with the number of lines once all are stored. */
  end(): Promise<number>;
  /** Gives up, and the transaction with it. */
  abort(error: Error): Promise<void>;
};

/** Opens a COPY of text lines into `target`, a table with its columns. */
export function openCopy(client: ClientBase, target: string): Copy {
  const stream = client.query(copyFrom(`copy ${target} from stdin`));
  const ended = finished(stream);
  // A failure is thrown where it is awaited; until then it must not count as unhandled.
  ended.catch(() => undefined);
  let lines = 0;
  return {
    async write(chunk) {
      lines += chunk.length;
      if (chunk.length === 0 || stream.write(`${chunk.join('\n')}\n`)) return;
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), ended]);
    },
    async end() {
      stream.end();
      await ended;
      return lines;
    },
    async abort(error) {
      stream.destroy(error);
      await ended.catch(() => undefined);
    },
  };
}

/** Streams lines of COPY text into `target` (a table with its columns); resolves with the number of lines. */
export async function copyInto(
  client: ClientBase,
  target: string,
  chunks: AsyncIterable<readonly string[]>,
): Promise<number> {
  const copy = openCopy(client, target);
  try {
    for await (const chunk of chunks) await copy.write(chunk);
  } catch (error) {
    await copy.abort(error as Error);
    throw error;
  }
  return copy.end();
}
