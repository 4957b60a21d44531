import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyRows } from './copy-rows.ts';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in COPY's text format. */
export function copyText(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (char) => ESCAPES[char]!) : value;
}

/** A COPY under way. Until it has ended its connection can do nothing else. */
export type Copy<Piece> = {
  /** Resolves when there is room for more. Throws what the database says of earlier pieces. */
  write(piece: Piece): Promise<void>;
  /** Resolves with the number of rows once all are stored. */
  end(): Promise<number>;
  /** Gives up, and the transaction with it. */
  abort(error: Error): Promise<void>;
};

type Framed = { statement: string; header: Buffer; trailer: Buffer };

function open<Piece>(client: ClientBase, framed: Framed, encode: (piece: Piece) => Buffer | string): Copy<Piece> {
  const stream = client.query(copyFrom(framed.statement));
  const ended = finished(stream);
  // A failure is thrown where it is awaited; until then it must not count as unhandled.
  ended.catch(() => undefined);
  const send = (bytes: Buffer | string): boolean => {
    try {
      return stream.write(bytes);
    } catch (error) {
      // All that is thrown here is that the connection is not there any more, in words that nobody understands.
      throw new Error('Connection terminated while rows were copied', { cause: error });
    }
  };
  if (framed.header.length > 0) send(framed.header);
  return {
    async write(piece) {
      const encoded = encode(piece);
      if (encoded.length === 0 || send(encoded)) return;
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), ended]);
    },
    async end() {
      stream.end(framed.trailer);
      await ended;
      return stream.rowCount;
    },
    async abort(error) {
      stream.destroy(error);
      await ended.catch(() => undefined);
    },
  };
}

const NOTHING = Buffer.alloc(0);
/** The signature, no flags, no extension. */
const BINARY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const BINARY_TRAILER = Buffer.from([0xff, 0xff]);

/** Opens a COPY of text lines into `target`, a table with its columns. */
export function openCopy(client: ClientBase, target: string): Copy<readonly string[]> {
  const framed = { statement: `copy ${target} from stdin`, header: NOTHING, trailer: NOTHING };
  return open(client, framed, (lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`));
}

/** Opens a COPY of binary rows into `target`, a table with its columns. */
export function openRowCopy(client: ClientBase, target: string): Copy<CopyRows> {
  const statement = `copy ${target} from stdin with (format binary)`;
  return open(client, { statement, header: BINARY_HEADER, trailer: BINARY_TRAILER }, (rows) => rows.take());
}

/** Streams all pieces into a COPY; resolves with the number of rows. */
export async function copyInto<Piece>(
  copy: Copy<Piece>,
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
): Promise<number> {
  try {
    for await (const piece of pieces) await copy.write(piece);
  } catch (error) {
    await copy.abort(error as Error);
    throw error;
  }
  return copy.end();
}
