import type { Problem } from '../schemas/problem.ts';

/** What a command ends with: done, failed, wrong usage or an invalid document, waits for a person, not reachable. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

export type FailureParts = {
  exit: ExitCode;
  /** What happened, as one sentence. */
  what: string;
  /** Where: a file, an address, an option. */
  where?: string;
  /** What the reader does next. */
  next?: string;
  problems?: readonly Problem[];
  /** What a script gets on stdout instead of the failure itself: the present state that a decision came too late for. */
  document?: unknown;
};

/** A failure that a person can read. Every failure of a command ends as one of these. */
export class Failure extends Error {
  readonly parts: FailureParts;

  constructor(parts: FailureParts) {
    super(parts.what);
    this.parts = parts;
  }
}

export const usage = (what: string, next?: string): Failure => new Failure({ exit: 2, what, next });

const systemCode = (error: unknown): string | undefined => {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** The first cause of an error with a code of the system, such as ECONNREFUSED below "fetch failed". */
export function rootCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const inner = at instanceof AggregateError ? at.errors.map(systemCode).find(Boolean) : undefined;
    const code = systemCode(at) ?? inner;
    if (code !== undefined) return code;
  }
  return undefined;
}

/** Whatever was thrown, as a failure: what nobody foresaw is a defect of the program, and says so without a stack trace. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const next = 'This is not a mistake of yours. Set MESHLINE_DEBUG=1, run the command again and report what it prints.';
  return new Failure({ exit: 1, what: `Something unexpected happened: ${message}`, next });
}
