import { SourceFailure, type SourceFailureType } from '../sources/failure.ts';

/** What a row-work thread answers: a failure of the source is an answer, any other error is thrown. */
export type RowWorkResult<T> =
  | { ok: true; value: T }
  | { ok: false; failure: { type: SourceFailureType; message: string } };

export async function sourceFailureAsResult<T>(work: () => Promise<T>): Promise<RowWorkResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    return { ok: false, failure: { type: error.type, message: error.message } };
  }
}
