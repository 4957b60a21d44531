import type { DayPreview, PreviewRequest } from '../activities/preview-day.ts';
import type { RevisionPreview, RevisionToPreview } from '../activities/revisions/preview.ts';
import { previews } from './proxies.ts';

/** Tries a draft of an operating model on a day: what the close would compute, with nothing saved. */
export async function previewDay(request: PreviewRequest): Promise<DayPreview> {
  return previews.previewDay(request);
}

/** Tries a revision of a published day: what it would come to, with nothing saved. */
export async function previewRevision(day: RevisionToPreview): Promise<RevisionPreview> {
  return previews.previewRevision(day);
}
