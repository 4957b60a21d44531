import type { DayPreview, PreviewRequest } from '../activities/preview-day.ts';
import { previews } from './proxies.ts';

/** Tries a draft of an operating model on a day: what the close would compute, with nothing saved. */
export async function previewDay(request: PreviewRequest): Promise<DayPreview> {
  return previews.previewDay(request);
}
