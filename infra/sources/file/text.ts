import { SourceFailure } from '../failure.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'iso-8859-1' | 'windows-1252';

/** Turns bytes of an encoding into bytes of UTF-8, piece by piece. */
export type Recoder = { push(chunk: Buffer): Buffer; end(): Buffer };

const NOTHING = Buffer.alloc(0);
const MARKS = [
  { encoding: 'utf-8', bytes: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', bytes: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * The length of the byte order mark that a file begins with. Throws SourceFailure where the mark says another encoding
 * than the source does: every record would be read wrongly.
 */
export function markLength(path: string, first: Buffer, encoding: Encoding): number {
  const mark = MARKS.find(({ bytes }) => first.subarray(0, bytes.length).equals(bytes));
  if (!mark) return 0;
  if (mark.encoding === encoding) return mark.bytes.length;
  const remedy =
    mark.encoding === 'utf-16be' ? 'Deliver it as UTF-8.' : `Deliver it so, or set encoding: ${mark.encoding}.`;
  throw new SourceFailure(
    'unusable_file',
    `${path}: begins with the mark of ${mark.encoding.toUpperCase()}, and ${encoding.toUpperCase()} is expected. ${remedy}`,
  );
}

/** A character that an encoding cannot hold comes out as U+FFFD; its record is then no readable text. */
export const UNREADABLE = Buffer.from('\ufffd');

/** How an encoding is read; null where the bytes are UTF-8 already, and are kept as they came. */
export function recoderOf(encoding: Encoding): Recoder | null {
  if (encoding === 'utf-8') return null;
  // What the web calls iso-8859-1 is windows-1252; only this one is the 256 characters of the standard.
  if (encoding === 'iso-8859-1') return { push: (chunk) => Buffer.from(chunk.toString('latin1')), end: () => NOTHING };
  const decoder = new TextDecoder(encoding);
  return {
    push: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })),
    end: () => Buffer.from(decoder.decode()),
  };
}
