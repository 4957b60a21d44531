import type { Dice } from './dice.ts';

/** What an export says of one sale; `saleId` is null for what is no sale. */
export type Exported = { saleId: number | null; text: string };

/** At most so many in a hundred come twice, and at most one in a hundred cannot be used. */
const TWICE_IN_100 = 2;
const UNUSABLE_IN_100 = 1;

const upTo = (dice: Dice, count: number, inHundred: number): number =>
  dice.between(0, Math.trunc((count * inHundred) / 100));

/**
 * An export as it comes: a few sales twice, word for word, and a few records that cannot be used. No money moved for
 * the latter, so that they are quarantined and every control still holds to the cent.
 * @param unusable makes such a record in front of a good one
 */
export function withDirt(clean: readonly Exported[], dice: Dice, unusable: (before: Exported) => Exported): Exported[] {
  const dirty = [...clean];
  const place = () => dice.between(0, dirty.length - 1);
  for (let left = upTo(dice, clean.length, TWICE_IN_100); left > 0; left -= 1)
    dirty.splice(place(), 0, dirty[place()]!);
  for (let left = upTo(dice, clean.length, UNUSABLE_IN_100); left > 0; left -= 1) {
    const at = place();
    dirty.splice(at, 0, unusable(dirty[at]!));
  }
  return dirty;
}
