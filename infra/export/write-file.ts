import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type WrittenFile = { sha256: string; bytes: number };

const MODE = 0o644;
/** Never through a link, and never over anything: the name is new. */
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

async function fill(file: FileHandle, text: AsyncIterable<string>): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of text) {
    const chunk = Buffer.from(part);
    hash.update(chunk);
    bytes += chunk.length;
    await file.writeFile(chunk);
  }
  // Whatever the umask of the workers is: a warehouse reads it as another user.
  await file.chmod(MODE);
  await file.sync();
  return { sha256: hash.digest('hex'), bytes };
}

/** The entry of a file that took another's name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync().finally(() => handle.close());
}

/**
 * Writes a file whole or not at all: beside its place first, then by taking its name. A reader sees the old one or the
 * new one, never a part.
 */
export async function writeWhole(path: string, text: AsyncIterable<string>): Promise<WrittenFile> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const file = await open(beside, NEW, MODE);
  try {
    const written = await fill(file, text).finally(() => file.close());
    await rename(beside, path);
    await syncFolder(dirname(path));
    return written;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The hash of a file that is there. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { flags: 'r' })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
