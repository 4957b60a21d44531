/** One thing wrong in a document: where, what stood there, what may stand there. `file` and `line` where the text is known. */
export type Problem = {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  readonly file?: string;
  readonly line?: number;
};
