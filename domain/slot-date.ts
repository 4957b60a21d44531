import { dayNumber } from './calendar-date.ts';

const DATE = '{date}';

function exists(date: string): boolean {
  try {
    dayNumber(date);
    return true;
  } catch {
    return false;
  }
}

/** The date in a file's name by the template of its source (`orders-{date}.csv`), with or without `.gz`; else null. */
export function dateInName(location: string, fileName: string): string | null {
  const template = location.split('/').at(-1) ?? location;
  const at = template.indexOf(DATE);
  if (at < 0) return null;
  const name = fileName.endsWith('.gz') && !template.endsWith('.gz') ? fileName.slice(0, -3) : fileName;
  const date = name.slice(at, at + '2026-01-31'.length);
  return exists(date) && template.replaceAll(DATE, date) === name ? date : null;
}
