import { hash } from 'node:crypto';

/** How many last characters set neighbours apart. */
const TAIL = 3;
const DIGITS = { stem: 8, key: 24 };

/**
 * Compiles the naming of keys of one client's source among all keys of the installation: 128 bits, in hex. Keys that
 * differ in their last characters only, as numbers do that are given one after the other, begin alike: what arrives
 * together lies together in the index, and storing it does not touch a page for each record.
 */
export function keyHasher(scope: string): (key: string) => string {
  const digest = (text: string, digits: number) => hash('sha256', `${scope}\n${text}`, 'hex').slice(0, digits);
  let stem = '';
  let stemDigest = digest(stem, DIGITS.stem);
  return (key) => {
    const next = key.slice(0, -TAIL);
    if (next !== stem) [stem, stemDigest] = [next, digest(next, DIGITS.stem)];
    return stemDigest + digest(key, DIGITS.key);
  };
}

/** With more beginnings than this, as random keys have, asking for each costs as much as asking for each key. */
const MOST_STEMS = 5_000;

/** Gathers how the keys of a file begin, in hex: where no other key begins so, none of them can be another's. */
export class KeyStems {
  readonly #seen = new Set<string>();
  #last = '';

  add(keyHash: string): void {
    if (keyHash.startsWith(this.#last) && this.#last !== '') return;
    this.#last = keyHash.slice(0, DIGITS.stem);
    if (this.#seen.size <= MOST_STEMS) this.#seen.add(this.#last);
  }

  /** All of them; null where there are too many. */
  get all(): readonly string[] | null {
    return this.#seen.size > MOST_STEMS ? null : [...this.#seen];
  }
}
