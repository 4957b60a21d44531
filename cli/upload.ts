import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Failure } from './failure.ts';
import type { Said, Session } from './session.ts';

type Options = { client: string; source: string; date?: string; file: string };

const refused = (exit: 1 | 2, what: string, where: string) =>
  new Failure({ exit, what, where, next: 'Name a file that can be read.' });

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw refused(2, 'There is no such file.', path);
    throw refused(1, `The file cannot be read: ${error.message}`, path);
  });
  if (!found.isFile()) throw refused(2, 'This is not a file.', path);
}

/** Sends a file as it is, streamed: its size is no matter. */
export async function upload(session: Session, { client, source, date, file }: Options): Promise<Said> {
  const path = resolve(file);
  await requireFile(path);
  const what = { client, source, date, fileName: basename(path) };
  const sent = await session.upload(what, createReadStream(path));
  return { document: sent, people: async () => (await import('./print/sources.ts')).uploadedText(sent) };
}
