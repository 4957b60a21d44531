import type { ProblemDocument } from '../schemas/api/common.ts';
import { type ExitCode, Failure, rootCode } from './failure.ts';
import { nextStep } from './next-step.ts';

/** What the API's client gives for a request. */
export type Answer<T> = { data?: T; error?: unknown; response?: Pick<Response, 'ok' | 'status' | 'url'> };

/** A refusal of the API; `problem` is its document, for whoever can do more with it than show it. */
export class Refusal extends Failure {
  readonly status: number;
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument, where: string, exit: ExitCode, next: string | undefined) {
    super({ exit, what: problem.detail, where, next, problems: problem.problems });
    this.status = problem.status;
    this.problem = problem;
  }
}

const CHECK_STATUS = 'See what runs with `npx meshline status`; start Meshline with `npx meshline up`.';

const unreachable = (where: string, error: unknown) =>
  new Failure({
    exit: 4,
    what: `Meshline does not answer (${rootCode(error) ?? 'no connection'}).`,
    where,
    next: CHECK_STATUS,
  });

const foreign = (where: string, status?: number) =>
  new Failure({
    exit: 1,
    what: `What answers here is not the API of Meshline, or not of this version${status === undefined ? '' : ` (HTTP ${status})`}.`,
    where,
    next: 'Check the address in MESHLINE_URL, and any proxy on the way. `npx meshline status` shows the local addresses.',
  });

/** Wrong requests are exit 2 as wrong usage is; a service behind the API that is away is exit 4. */
function exitOf(status: number): ExitCode {
  if (status === 400 || status === 422 || status === 413 || status === 415) return 2;
  return status === 502 || status === 503 || status === 504 ? 4 : 1;
}

const isProblem = (body: unknown): body is ProblemDocument =>
  typeof body === 'object' && body !== null && typeof (body as ProblemDocument).detail === 'string';

const statusOf = (body: unknown): number => (isProblem(body) ? body.status : 200);

function refusal(where: string, status: number, body: unknown, address: string | undefined): Failure {
  if (isProblem(body)) {
    const problem = { ...body, status };
    return new Refusal(problem, where, exitOf(status), nextStep(problem, address));
  }
  if (exitOf(status) === 4) return unreachable(where, new Error(`HTTP ${status}`));
  return foreign(where, status);
}

/**
 * What the API answered to a request.
 * @param where the address of the installation, for messages
 * @throws Refusal for a problem document, Failure where nothing or something else answers
 */
export async function answerOf<T>(where: string, call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown): never => {
    if (cause instanceof SyntaxError) throw foreign(where);
    throw unreachable(where, cause);
  });
  const status = response?.status ?? statusOf(error);
  if (status >= 400 || error !== undefined) throw refusal(where, status, error, response?.url);
  if (typeof data !== 'object' || data === null) throw foreign(where);
  return data;
}
