const FIRST_BYTES = 1 << 17;
const ABSENT = -1;
/** Up to this length the loop below is faster than a call into native code. */
const SHORT = 40;
const MS_PER_DAY = 86_400_000;
/** Postgres counts its days and times from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

function writeText(bytes: Buffer, text: string, at: number): number {
  if (text.length > SHORT) return bytes.write(text, at);
  for (let next = 0; next < text.length; next += 1) {
    const code = text.charCodeAt(next);
    if (code > 127) return bytes.write(text, at);
    bytes[at + next] = code;
  }
  return text.length;
}

/**
 * Rows in COPY's binary format, written into one piece of memory: no text is made of what is a number, nothing is
 * escaped, and bytes from a file stay bytes. The fields follow `row` in the order of the columns that the COPY names,
 * each written as the type of its column is sent; the database refuses what does not fit.
 */
export class CopyRows {
  /** Rows so far. */
  count = 0;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
  #end = 0;
  #date = '';
  #day = 0;

  /** Where the next field begins. */
  get end(): number {
    return this.#end;
  }

  /** What has been written. It is handed over: the rows must not be written to any more. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Says where that many bytes may be written. The memory may be another afterwards: look at it no sooner. */
  #reserve(bytes: number): number {
    const at = this.#end;
    if (at + bytes <= this.#bytes.length) return at;
    const larger = Buffer.allocUnsafe(2 * (at + bytes));
    this.#bytes.copy(larger, 0, 0, at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer, larger.byteOffset);
    return at;
  }

  /** Begins the next row. */
  row(columns: number): void {
    const at = this.#reserve(2);
    this.#view.setInt16(at, columns);
    this.#end += 2;
    this.count += 1;
  }

  absent(): void {
    const at = this.#reserve(4);
    this.#view.setInt32(at, ABSENT);
    this.#end += 4;
  }

  int32(value: number): void {
    const at = this.#reserve(8);
    this.#view.setInt32(at, 4);
    this.#view.setInt32(at + 4, value);
    this.#end += 8;
  }

  /** Throws RangeError where the value has no room in 64 bits. */
  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is larger than a bigint of the database`);
    const at = this.#reserve(12);
    this.#view.setInt32(at, 8);
    this.#view.setBigInt64(at + 4, value);
    this.#end += 12;
  }

  text(value: string | null): void {
    if (value === null) this.absent();
    else this.#text(value);
  }

  #text(value: string): void {
    const at = this.#reserve(4 + 3 * value.length);
    const length = writeText(this.#bytes, value, at + 4);
    this.#view.setInt32(at, length);
    this.#end += 4 + length;
  }

  json(value: unknown): void {
    const text = JSON.stringify(value);
    const at = this.#reserve(5 + 3 * text.length);
    const length = writeText(this.#bytes, text, at + 5);
    this.#view.setInt32(at, 1 + length);
    this.#bytes[at + 4] = JSONB_VERSION;
    this.#end += 5 + length;
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(4 + value.length);
    this.#view.setInt32(at, value.length);
    this.#bytes.set(value, at + 4);
    this.#end += 4 + value.length;
  }

  /** A uuid without dashes, or any other bytes that are given in hex. */
  hex(value: string): void {
    const length = value.length / 2;
    const at = this.#reserve(4 + length);
    this.#view.setInt32(at, length);
    this.#bytes.write(value, at + 4, 'hex');
    this.#end += 4 + length;
  }

  /** A date, `YYYY-MM-DD`. */
  date(value: string): void {
    if (value !== this.#date) [this.#date, this.#day] = [value, (Date.parse(value) - EPOCH_MS) / MS_PER_DAY];
    this.int32(this.#day);
  }

  instant(epochMs: number): void {
    this.int64(BigInt(epochMs - EPOCH_MS) * 1_000n);
  }

  /** Fields that were written before and taken. */
  fields(taken: Uint8Array): void {
    const at = this.#reserve(taken.length);
    this.#bytes.set(taken, at);
    this.#end += taken.length;
  }

  /** The fields that stand between two places, once more. */
  again(from: number, to: number): void {
    const at = this.#reserve(to - from);
    this.#bytes.copyWithin(at, from, to);
    this.#end += to - from;
  }
}
