import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open as openFile, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceFailure } from '../failure.ts';

const CHUNK_BYTES = 1 << 16;
const GZIP = Buffer.from([0x1f, 0x8b]);

async function startsWithGzipMark(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.equals(GZIP);
  } finally {
    await file.close();
  }
}

/** The file's content as bytes, decompressed when it begins as gzip does, whatever its name. */
export async function openContent(path: string): Promise<Readable> {
  const raw = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!(await startsWithGzipMark(path))) return raw;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Whoever stops reading early closes the file as well; an error reaches the reader by itself.
  return pipeline(raw, gunzip, () => undefined);
}

/** Casts what a stream can throw into the source's own failures. */
export function asSourceFailure(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR')
    return new SourceFailure(
      'incomplete_file',
      `${path}: the gzip data ends early or is damaged. Deliver the file again, whole.`,
    );
  if (code === 'ENOENT')
    return new SourceFailure('changed_while_reading', `${path}: vanished while it was read. It is read again.`);
  if (code === 'EACCES')
    return new SourceFailure('no_permission', `${path}: no permission to read it. Allow this user to read the file.`);
  if (code === 'EISDIR')
    return new SourceFailure('not_a_file', `${path}: is a directory. Point \`location\` at a file.`);
  return error;
}

function refuseLarger(path: string, bytes: number, maximumBytes: number): void {
  if (bytes <= maximumBytes) return;
  throw new SourceFailure(
    'too_large',
    `${path}: holds more than ${maximumBytes} bytes. Split the file or raise MESHLINE_MAX_FILE_BYTES.`,
  );
}

/** sha256 and size of a file's content, decompressed. */
export type Content = { hash: Buffer; bytes: number };

/** Digests content while it passes; throws SourceFailure at more than `maximumBytes` (a decompression bomb, say). */
export class ContentDigest {
  readonly #path: string;
  readonly #maximumBytes: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(path: string, maximumBytes: number) {
    this.#path = path;
    this.#maximumBytes = maximumBytes;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    refuseLarger(this.#path, this.#bytes, this.#maximumBytes);
    this.#hash.update(chunk);
  }

  finish(): Content {
    return { hash: this.#hash.digest(), bytes: this.#bytes };
  }
}

/** Reads a file for its content's digest alone. Throws SourceFailure for one that cannot be used. */
export async function contentDigest(path: string, maximumBytes: number): Promise<Content> {
  const digest = new ContentDigest(path, maximumBytes);
  try {
    for await (const chunk of await openContent(path)) digest.add(chunk as Buffer);
  } catch (error) {
    throw asSourceFailure(path, error);
  }
  return digest.finish();
}

/** What changes whenever somebody writes to a file or puts another in its place. */
export type FileState = { bytes: number; modifiedMs: number; node: number };

async function fileState(path: string): Promise<FileState> {
  try {
    const { size: bytes, mtimeMs: modifiedMs, ino: node } = await stat(path);
    return { bytes, modifiedMs, node };
  } catch (error) {
    throw asSourceFailure(path, error);
  }
}

/** How a file is before it is read; throws SourceFailure for one that is larger than may be, without reading it. */
export async function stateBefore(path: string, maximumBytes: number): Promise<FileState> {
  const state = await fileState(path);
  refuseLarger(path, state.bytes, maximumBytes);
  return state;
}

/** Throws SourceFailure where a file is not as it was before it was read. */
export async function assertUnchanged(path: string, before: FileState): Promise<void> {
  const now = await fileState(path);
  if (now.bytes !== before.bytes || now.modifiedMs !== before.modifiedMs || now.node !== before.node)
    throw new SourceFailure('changed_while_reading', `${path}: changed while it was read. It is read again.`);
}
