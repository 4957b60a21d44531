/** A bit for each byte of the file, from 128 bytes of them to 8 MB. */
const EXPONENT = { least: 10, most: 26 };
const PROBES = 4;
/** With more than these the database finds what is repeated sooner by itself. */
const MOST_SUSPECTS = 20_000;

/**
 * Finds the keys that may stand in a file more than once, in 8 MB at most however large it is. It is a Bloom
 * filter: it misses none and names a few in vain, so that only these are left for the database to look at.
 */
export class RepeatedKeys {
  readonly #bits: Uint32Array;
  /** From 32 random bits to the place of a word of 32 bits. */
  readonly #shift: number;
  #suspects: Set<string> | null = new Set();

  constructor(fileBytes: number) {
    const exponent = Math.min(EXPONENT.most, Math.max(EXPONENT.least, Math.ceil(Math.log2(fileBytes + 1))));
    this.#bits = new Uint32Array(2 ** (exponent - 5));
    this.#shift = 37 - exponent;
  }

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
      const word = at >>> this.#shift;
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
