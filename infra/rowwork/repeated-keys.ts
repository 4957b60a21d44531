const BITS_EXPONENT = 26;
const PROBES = 4;
/** With more than these the database finds what is repeated sooner by itself. */
const MOST_SUSPECTS = 20_000;

/**
 * Finds the keys that may stand in a file more than once, in 8 MB however large the file is. It is a Bloom filter: it
 * misses none and names a few in vain, so that only these are left for the database to look at.
 */
export class RepeatedKeys {
  readonly #bits = new Uint32Array(2 ** (BITS_EXPONENT - 5));
  #suspects: Set<string> | null = new Set();

  /** `keyHash` in hex; its digits are as good as random. */
  add(keyHash: string): void {
    if (this.#suspects === null || !this.#mark(keyHash)) return;
    this.#suspects.add(keyHash);
    if (this.#suspects.size > MOST_SUSPECTS) this.#suspects = null;
  }

  /** Whether all bits of a key had been set before. */
  #mark(keyHash: string): boolean {
    let known = true;
    let at = Number.parseInt(keyHash.slice(-8), 16);
    const step = Number.parseInt(keyHash.slice(-16, -8), 16) | 1;
    for (let probe = 0; probe < PROBES; probe += 1) {
      at = (at + step) >>> 0;
      const word = at >>> (37 - BITS_EXPONENT);
      const bit = 1 << (at & 31);
      if ((this.#bits[word]! & bit) === 0) known = false;
      this.#bits[word]! |= bit;
    }
    return known;
  }

  /** Keys among which are all that are repeated; null where any of the file's may be. */
  get suspects(): readonly string[] | null {
    return this.#suspects && [...this.#suspects];
  }
}
