import { createHash } from 'node:crypto';

/**
 * One record's bytes as they stand in the file, without the line end. `defect` says why it cannot be a record;
 * `wholeHash` is the sha256 of all of it, in hex, where `bytes` holds only its beginning.
 */
export type Frame = { line: number; bytes: Buffer; defect: string | null; wholeHash: string | null };
export type Framing = { quotes: boolean; delimiter: number; maximumBytes: number };

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const KEPT_BYTES = 65_536;

/** Cuts bytes into records: at every line end, for CSV at those outside quoted fields. Holds at most one record. */
export class Framer {
  readonly #framing: Framing;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #offset = 0;
  #line = 1;
  #startLine = 1;
  #startOffset = 0;
  #quoted = false;
  #fieldStart = true;
  #overflow: ReturnType<typeof createHash> | null = null;
  #justClosed = false;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#scanQuotes(chunk, start, end);
      if (this.#quoted) this.#hold(chunk.subarray(start, end + 1));
      else this.#emit(chunk.subarray(start, end), frames);
      this.#line += 1;
      if (!this.#quoted) this.#begin(this.#offset + end + 1);
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#scanQuotes(chunk, start, chunk.length);
      this.#hold(chunk.subarray(start));
    }
    this.#offset += chunk.length;
    return frames;
  }

  /** What is left when the content ends without a line end. */
  finish(): Frame[] {
    const frames: Frame[] = [];
    const unclosed = this.#quoted ? this.#unclosedDefect() : null;
    if (this.#pendingBytes > 0) this.#emit(Buffer.alloc(0), frames, unclosed);
    return frames;
  }

  #begin(offset: number): void {
    this.#startLine = this.#line;
    this.#startOffset = offset;
    this.#fieldStart = true;
    this.#justClosed = false;
  }

  /** A quote opens a field only at its start (RFC 4180); inside, a doubled quote closes and opens again. */
  #scanQuotes(chunk: Buffer, start: number, end: number): void {
    if (!this.#framing.quotes) return;
    if (!this.#quoted) {
      const quote = chunk.indexOf(QUOTE, start);
      if (quote === -1 || quote >= end) {
        if (end > start) this.#fieldStart = chunk[end - 1] === this.#framing.delimiter;
        return;
      }
    }
    for (let at = start; at < end; at += 1) this.#scanByte(chunk[at]!);
  }

  #scanByte(byte: number): void {
    const opens = byte === QUOTE && !this.#quoted && (this.#fieldStart || this.#justClosed);
    this.#justClosed = byte === QUOTE && this.#quoted;
    if (opens) this.#quoted = true;
    else if (this.#justClosed) this.#quoted = false;
    this.#fieldStart = !this.#quoted && byte === this.#framing.delimiter;
  }

  #hold(piece: Buffer): void {
    if (this.#overflow) this.#overflow.update(piece);
    else this.#pending.push(Buffer.from(piece));
    this.#pendingBytes += piece.length;
    if (!this.#overflow && this.#pendingBytes > this.#framing.maximumBytes) this.#startOverflow();
  }

  #startOverflow(): void {
    const all = Buffer.concat(this.#pending);
    this.#overflow = createHash('sha256').update(all);
    this.#pending = [all.subarray(0, KEPT_BYTES)];
  }

  #emit(last: Buffer, frames: Frame[], unclosed: string | null = null): void {
    if (this.#pendingBytes + last.length > this.#framing.maximumBytes) this.#hold(last);
    else if (this.#pendingBytes > 0) this.#pending.push(last);
    const wholeHash = this.#overflow?.digest('hex') ?? null;
    const defect = wholeHash === null ? unclosed : this.#overflowDefect(wholeHash);
    const bytes = this.#pendingBytes > 0 ? Buffer.concat(this.#pending) : last;
    const trimmed = bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
    if (trimmed.length > 0) frames.push({ line: this.#startLine, bytes: trimmed, defect, wholeHash });
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#overflow = null;
  }

  #unclosedDefect(): string {
    const lines = this.#line - this.#startLine + 1;
    return `a quote that opens in line ${this.#startLine} is not closed before the end of the file: ${lines} lines are one record`;
  }

  #overflowDefect(hash: string): string {
    return `the record at offset ${this.#startOffset} has ${this.#pendingBytes} bytes, more than the limit of ${this.#framing.maximumBytes}; sha256 ${hash}; its first ${KEPT_BYTES} bytes are kept`;
  }
}
