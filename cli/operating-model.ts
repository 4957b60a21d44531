import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Refusal } from './answer.ts';
import { Failure } from './failure.ts';

/** A client's document and every file that it leans on, by absolute path, as the API takes them. */
export type SentModel = { base: string; files: Record<string, string> };

/** A template that extends a template, and so on: each round brings a layer. */
const MOST_ROUNDS = 20;

const NOT_A_FILE = ['ENOENT', 'ENOTDIR', 'EISDIR'];

const unreadable = (file: string, { code, message }: NodeJS.ErrnoException) =>
  new Failure({
    exit: code !== undefined && NOT_A_FILE.includes(code) ? 2 : 1,
    what: code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read: ${message}`,
    where: file,
    next: 'Name the file of a client’s operating model, such as models/corner-shop.yaml.',
  });

/** The text of a file; undefined where no such file exists, so that the API's problem about it stands. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code !== undefined && NOT_A_FILE.includes(failure.code)) return undefined;
    throw unreadable(file, failure);
  }
}

/** What is sent is only ever a file that one of the documents names, whatever the other side asks for. */
const isNamed = (file: string, files: Readonly<Record<string, string>>) =>
  Object.values(files).some((text) => text.includes(basename(file)));

async function readWanted(wanted: readonly string[], files: Readonly<Record<string, string>>) {
  const found: Record<string, string> = {};
  for (const file of wanted.filter((one) => isNamed(one, files))) {
    const text = await textOf(file);
    if (text !== undefined) found[file] = text;
  }
  return found;
}

const missingOf = (error: unknown): readonly string[] =>
  error instanceof Refusal && error.status === 422 ? (error.problem.missing ?? []) : [];

/**
 * Sends a client's document with every file that it leans on. Which files these are the API knows: it names those that
 * it misses, they are read here and all is sent again, until none is missing.
 * @throws Failure with exit 2 where the document is not there or is not valid
 */
export async function sendModel<T>(document: string, send: (model: SentModel) => Promise<T>): Promise<T> {
  const base = resolve(document);
  const text = await readFile(base, 'utf8').catch((error) => {
    throw unreadable(base, error);
  });
  let files: Record<string, string> = { [base]: text };
  for (let round = 1; ; round++) {
    try {
      return await send({ base, files });
    } catch (error) {
      const wanted = missingOf(error).filter((file) => !Object.hasOwn(files, file));
      const found = round < MOST_ROUNDS ? await readWanted(wanted, files) : {};
      if (Object.keys(found).length === 0) throw error;
      files = { ...files, ...found };
    }
  }
}
