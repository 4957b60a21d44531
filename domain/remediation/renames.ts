import { distance } from 'fastest-levenshtein';

/** A field that is missing and one that came in its place. */
export type Rename = { from: string; to: string };

/** What is known of fields: the order in which they stood before and stand now. */
export type Fields = { before: readonly string[] | null; now: readonly string[] };

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** From 0 to 1: how alike two names are, and whether they stand at the same place. */
function likeness({ from, to }: Rename, { before, now }: Fields): number {
  const [a, b] = [plain(from), plain(to)];
  const similarity = 1 - distance(a, b) / Math.max(a.length, b.length, 1);
  const samePlace = before !== null && before.indexOf(to) === now.indexOf(from);
  return (similarity + Number(samePlace)) / 2;
}

const LEAST_LIKENESS = 0.2;

/**
 * Finds which new field each missing one has become: the likeliest pairs first, each field once. A name may have changed
 * beyond recognition, so the place counts as much as the name.
 * @param fits whether what the new field holds may stand in the missing one
 */
export function findRenames(
  missing: readonly string[],
  added: readonly string[],
  fields: Fields,
  fits: (rename: Rename) => boolean,
): Rename[] {
  const pairs = missing
    .flatMap((to) => added.map((from) => ({ from, to })))
    .map((rename) => ({ rename, score: likeness(rename, fields) }))
    .filter(({ rename, score }) => score >= LEAST_LIKENESS && fits(rename))
    .sort((a, b) => b.score - a.score);
  const found: Rename[] = [];
  for (const { rename } of pairs)
    if (!found.some((one) => one.from === rename.from || one.to === rename.to)) found.push(rename);
  return found;
}
