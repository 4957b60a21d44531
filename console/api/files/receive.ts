import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../problem.ts';

export type ReceivedFile = { path: string; bytes: number; contentHash: Buffer };

function tooLarge(maximumBytes: number): Problem {
  return new Problem(
    413,
    'too-large',
    'The file is too large',
    `The file has more than ${maximumBytes} bytes. Nothing was kept; send it compressed with gzip, or in parts.`,
  );
}

/** Passes bytes on, and gathers their hash and number on the way. */
function measure(maximumBytes: number) {
  const digest = createHash('sha256');
  const measured = { bytes: 0, digest };
  async function* pass(body: Readable): AsyncGenerator<Buffer> {
    // A body that is destroyed takes its connection along, and the answer with it.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      measured.bytes += chunk.length;
      if (measured.bytes > maximumBytes) throw tooLarge(maximumBytes);
      digest.update(chunk);
      yield chunk;
    }
  }
  return { measured, pass };
}

/** A row will name the file: its content must be on the disk before that. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Streams a body into a file of the folder, named by its content. Until it is whole it has another name, and one that
 * breaks off leaves nothing. Memory does not grow with its size. Throws a 413 problem above `maximumBytes`.
 */
export async function receiveFile(body: Readable, folder: string, maximumBytes: number): Promise<ReceivedFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `${randomUUID()}.part`);
  const { measured, pass } = measure(maximumBytes);
  try {
    await pipeline(pass(body), createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    await sync(partial);
    const contentHash = measured.digest.digest();
    const path = join(folder, contentHash.toString('hex'));
    await rename(partial, path);
    return { path, bytes: measured.bytes, contentHash };
  } finally {
    await rm(partial, { force: true });
  }
}
