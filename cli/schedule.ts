import type { ScheduleList } from './documents.ts';
import type { Said, Session } from './session.ts';

/** Creates or repairs nightly schedules. */
export async function schedule(session: Session, which: { client?: string; all?: boolean }): Promise<Said> {
  const list = await (await session.api()).post<ScheduleList>('/schedules', {}, which);
  return { document: list, people: async () => (await import('./print/schedules.ts')).schedulesText(list) };
}
