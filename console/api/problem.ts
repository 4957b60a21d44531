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

/** @param more what else is known of it, as a sentence */
export const notFound = (kind: string, what: string, more?: string): Problem =>
  new Problem(404, kind, 'Not found', [`${what}: not found.`, more].filter(Boolean).join(' '));

export const unprocessable = (kind: string, title: string, detail: string, more: More = {}): Problem =>
  new Problem(422, kind, title, detail, more);

export const noClient = (client: string): Problem => notFound('unknown-client', `Client ${client}`);

export const noDay = (client: string, date: string): Problem =>
  notFound('never-closed', `A close of ${client} ${date}`, 'The day was never closed.');

/** @param known ids of the metrics that the client has */
export const noMetric = (client: string, metric: string, known: Iterable<string>): Problem =>
  notFound('unknown-metric', `Metric ${metric} of ${client}`, `It has: ${[...known].join(', ')}.`);
