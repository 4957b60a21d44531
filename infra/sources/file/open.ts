import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceFailure } from '../failure.ts';

const CHUNK_BYTES = 1 << 18;
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

/** sha256 and size of the decompressed content; refuses more than `maximumBytes` (a decompression bomb, say). */
export async function contentDigest(path: string, maximumBytes: number): Promise<{ hash: Buffer; bytes: number }> {
  const digest = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of await openContent(path)) {
      bytes += (chunk as Buffer).length;
      if (bytes > maximumBytes)
        throw new SourceFailure(
          'too_large',
          `${path}: holds more than ${maximumBytes} bytes. Split the file or raise MESHLINE_MAX_FILE_BYTES.`,
        );
      digest.update(chunk as Buffer);
    }
  } catch (error) {
    throw asSourceFailure(path, error);
  }
  return { hash: digest.digest(), bytes };
}
