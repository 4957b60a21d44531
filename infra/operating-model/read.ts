import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileSet } from './files.ts';
import { resolveOperatingModel } from './resolve.ts';

const textOrNothing = (file: string) =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
    throw error;
  });

/**
 * Collects a client's document and every file that it leans on. A file that is not there is left out: resolving
 * then says who names it.
 * @throws the error of the system where a file is there and cannot be read
 */
export async function readFileSet(document: string): Promise<{ files: FileSet; base: string }> {
  const base = resolve(document);
  const files: Record<string, string> = {};
  const looked = new Set<string>();
  for (let wanted: readonly string[] = [base]; wanted.length > 0; ) {
    for (const file of wanted) {
      looked.add(file);
      const text = await textOrNothing(file);
      if (text !== undefined) files[file] = text;
    }
    wanted = resolveOperatingModel(files, base).missing.filter((file) => !looked.has(file));
  }
  return { files, base };
}
