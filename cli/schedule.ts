import type { Said, Session } from './session.ts';

/** Creates or repairs nightly schedules. */
export async function schedule(session: Session, which: { client?: string; all?: boolean }): Promise<Said> {
  const list = await session.ask((api) => api.POST('/api/v1/schedules', { body: which }));
  return { document: list, people: async () => (await import('./print/schedules.ts')).schedulesText(list) };
}
