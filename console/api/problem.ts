import type { ProblemDocument } from '../../schemas/api/common.ts';

type More = Pick<ProblemDocument, 'problems' | 'missing' | 'present'>;

/** What a request is answered with where it cannot be done: RFC 9457. `kind` is the stable end of its `type`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly document: ProblemDocument;

  constructor(status: number, kind: string, title: string, detail: string, more: More = {}) {
    super(detail);
    this.status = status;
    this.document = { type: `/problems/${kind}`, title, status, detail, ...more };
  }
}

export const notFound = (what: string, next: string): Problem =>
  new Problem(404, 'not-found', 'Not found', `${what}: not found. ${next}`);

export const unprocessable = (kind: string, title: string, detail: string, more: More = {}): Problem =>
  new Problem(422, kind, title, detail, more);

export const noClient = (client: string): Problem =>
  notFound(`Client ${client}`, 'See which clients there are with GET /api/v1/clients, or apply its document.');

export const noDay = (client: string, date: string): Problem =>
  notFound(`A close of ${client} ${date}`, `The day was never closed. Close it with POST on the same path.`);
