import type { Said, Session } from './session.ts';

export type Edit = readonly [field: string, value: unknown];
type Options = { record: string; set: readonly Edit[] };

/** Tries an edited record on the exception's day; what came out is a fix that can be applied. */
export async function resubmit({ ask }: Session, id: string, { record, set }: Options): Promise<Said> {
  const body = { records: [{ event: record, set: Object.fromEntries(set) }] };
  const fix = await ask((api) => api.POST('/api/v1/exceptions/{id}/fixes', { params: { path: { id } }, body }));
  return { document: fix, people: async () => (await import('./print/fixes.ts')).triedText(id, fix) };
}
