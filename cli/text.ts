import { stripVTControlCharacters } from 'node:util';

// Line breaks and tabs may stay; any other control character could change what a terminal shows.
const CONTROL = /[\p{Cc}\p{Cf}]/gu;

/** Text that came from elsewhere, safe to show in a terminal. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text).replace(CONTROL, (character) => (/[\n\t]/.test(character) ? character : ''));

/** The same on one line. */
export const cleanLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/** `partially_published` as people read it. */
export const words = (name: string): string => cleanLine(name).replaceAll('_', ' ');

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const SAFE_WORD = /^[A-Za-z0-9._:/@][A-Za-z0-9._:/@-]*$/;

/** A value as one word of a POSIX shell: a line that is copied must not run anything else. */
export function shellWord(text: string): string {
  const line = cleanLine(text);
  return SAFE_WORD.test(line) ? line : `'${line.replaceAll("'", "'\\''")}'`;
}
