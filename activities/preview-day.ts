import { cancellationSignal } from '@temporalio/activity';
import type { DayPreview } from '../infra/rowwork/preview-day.ts';
import type { Deps } from './deps.ts';

export type { DayPreview } from '../infra/rowwork/preview-day.ts';

/** A draft of a client's operating model, and the day to try it on. */
export type PreviewRequest = {
  /** Texts by absolute path. */
  files: Readonly<Record<string, string>>;
  /** Path of the client's document among them. */
  base: string;
  /** Business day, `YYYY-MM-DD`. */
  date: string;
  actor: string;
};

/** Computes a day's numbers from a draft; nothing is saved. A document that is not valid comes back with its problems. */
export function createPreviewDay(deps: Deps) {
  return async function previewDay(request: PreviewRequest): Promise<DayPreview> {
    return deps.rowWork.previewDay(
      {
        ...request,
        databaseUrl: deps.databaseUrl,
        customerKey: deps.secrets.customerKey,
        roots: deps.files.roots,
        limits: deps.files,
        today: new Date().toISOString().slice(0, 10),
      },
      cancellationSignal(),
    );
  };
}
