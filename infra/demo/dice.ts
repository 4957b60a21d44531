import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded draws. The same key gives the same draws in the same order, whatever else has been drawn. */
export type Dice = {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** Whether something that happens `count` times in `of` happens now. */
  chance(count: number, of: number): boolean;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
  /** Index drawn in proportion to whole-number weights. */
  weighted(weights: readonly number[]): number;
};

/** Opens the draws of a key, such as `7/alder-and-oak/2026-03-01`. */
export function openDice(...key: readonly (string | number)[]): Dice {
  const random = xoroshiro128plus(createHash('sha256').update(key.join('/')).digest().readInt32LE(0));
  const between = (least: number, most: number) => uniformInt(random, least, most);
  const weighted = (weights: readonly number[]) => {
    let left = between(
      1,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
    return weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
  };
  return {
    between,
    weighted,
    chance: (count, of) => between(1, of) <= count,
    pick: (list) => list[between(0, list.length - 1)]!,
  };
}
