import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash, isMessageId, messageName } from './message-name.ts';

const SUFFIX = '.eml';
const UNFINISHED = '.incoming-';

/** Messages as files of mode 0600, one each, whole and as they came. The folder is the only state of the mailbox. */
export interface MailFolder {
  path: string;
  /** Stores a message and returns its id. Reads the stream to its end also when the disk fails, then throws that error. */
  store: (message: AsyncIterable<Buffer>) => Promise<string>;
  /** The ids, in no order. */
  ids: () => Promise<string[]>;
  fileOf: (id: string) => string;
  clear: () => Promise<void>;
}

/** Opens the folder, creates it where it is missing, and removes what an interrupted receipt left behind. */
export async function openMailFolder(path: string): Promise<MailFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const left = (await readdir(path)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(left.map((name) => rm(join(path, name), { force: true })));
  const nextInstant = risingClock();
  return {
    path,
    store: (message) => storeMessage(path, message, nextInstant),
    ids: () => storedIds(path),
    fileOf: (id) => join(path, id + SUFFIX),
    clear: async () => {
      await Promise.all((await storedIds(path)).map((id) => rm(join(path, id + SUFFIX), { force: true })));
    },
  };
}

/** Two messages never share an instant, so that equal ones received in one millisecond are both kept. */
function risingClock(): () => Date {
  let last = 0;
  return () => {
    last = Math.max(Date.now(), last + 1);
    return new Date(last);
  };
}

async function storeMessage(folder: string, message: AsyncIterable<Buffer>, nextInstant: () => Date): Promise<string> {
  const unfinished = join(folder, UNFINISHED + randomUUID());
  const hash = contentHash();
  try {
    await writeAll(unfinished, message, (chunk) => hash.update(chunk));
    const id = messageName(nextInstant(), hash);
    await rename(unfinished, join(folder, id + SUFFIX));
    return id;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/** A sender that still writes hears no answer, so a failed write is kept until the message has been read to its end. */
async function writeAll(path: string, message: AsyncIterable<Buffer>, seen: (chunk: Buffer) => void): Promise<void> {
  let failure: unknown = null;
  const failed = (error: unknown) => {
    failure ??= error;
  };
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'wx', 0o600).catch((error) => {
      failed(error);
      return null;
    });
    for await (const chunk of message) {
      seen(chunk);
      if (file && failure === null) await file.writeFile(chunk).catch(failed);
    }
    if (file && failure === null) await file.sync().catch(failed);
  } finally {
    await file?.close().catch(failed);
  }
  if (failure !== null) throw failure;
}

async function storedIds(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const ids = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  return ids.filter(isMessageId);
}
