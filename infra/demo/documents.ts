import { readdir, readFile } from 'node:fs/promises';
import { DateTime } from 'luxon';
import type { DemoFile } from './day-files.ts';

const FOLDER = new URL('./documents/', import.meta.url);
const FIRST_OF_NEXT_MONTH = '{first-of-next-month}';

const firstOfNextMonth = (date: string): string =>
  DateTime.fromISO(date, { zone: 'utc' }).plus({ months: 1 }).startOf('month').toISODate()!;

/** The agency's file, templates, schemas and operating models, with the one date that depends on the last night. */
export async function documentFiles(lastNight: string): Promise<DemoFile[]> {
  const names = (await readdir(FOLDER, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  const read = async (path: string) => {
    const text = await readFile(new URL(path, FOLDER), 'utf8');
    return { path, text: text.replaceAll(FIRST_OF_NEXT_MONTH, firstOfNextMonth(lastNight)) };
  };
  return Promise.all(names.map(read));
}
