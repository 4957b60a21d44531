/** A bit for every four bytes of the file, from 128 bytes of bits to 8 MB. */
const FILE_BYTES_PER_BIT = 4;
const EXPONENT = { least: 10, most: 26 };
/** 512 bits: as much as memory hands out at once. A place in it takes nine bits, so 32 random ones hold three places. */
const WORDS_PER_BLOCK = 16;
const PLACE_BITS = 9;
const PROBES = 3;
/** With more than these the database finds what is repeated sooner by itself. */
const MOST_SUSPECTS = 20_000;

/**
 * Finds the keys that may stand in a file more than once, in 8 MB at most however large it is. It is a Bloom
 * filter: it misses none and names a few in vain, so that only these are left for the database to look at.
 */
export class RepeatedKeys {
  readonly #bits: Uint32Array;
  /** From 32 random bits to the number of a block. */
  readonly #shift: number;
  #suspects: Set<string> | null = new Set();

  constructor(fileBytes: number) {
    const wanted = Math.ceil(Math.log2(fileBytes / FILE_BYTES_PER_BIT + 1));
    const exponent = Math.min(EXPONENT.most, Math.max(EXPONENT.least, wanted));
    this.#bits = new Uint32Array(2 ** (exponent - 5));
    this.#shift = 32 - (exponent - PLACE_BITS);
  }

  /** `keyHash` in hex; its digits are as good as random. */
  add(keyHash: string): void {
    if (this.#suspects === null || !this.#mark(keyHash)) return;
    this.#suspects.add(keyHash);
    if (this.#suspects.size > MOST_SUSPECTS) this.#suspects = null;
  }

  /** Whether all bits of a key had been set before. They lie in one block, so that a key costs one look into memory. */
  #mark(keyHash: string): boolean {
    const block = (Number.parseInt(keyHash.slice(-8), 16) >>> this.#shift) * WORDS_PER_BLOCK;
    const places = Number.parseInt(keyHash.slice(-16, -8), 16);
    let known = true;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const place = places >>> (probe * PLACE_BITS);
      const word = block + ((place >>> 5) & (WORDS_PER_BLOCK - 1));
      const bit = 1 << (place & 31);
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
