import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { CloseDays, CloseDocument } from './documents.ts';
import { sendModel } from './operating-model.ts';
import { showProgress } from './wait/progress.ts';

/** A client of the demo: its document, and the nights of it that are to be closed. */
export type DemoNights = { clientId: string; name: string; file: string; from: string; to: string };

const LOOK_AGAIN_MS = 1_000;

/** Applies the demo's operating models and schedules their nights. Repeatable. */
export async function introduce(api: Api, clients: readonly DemoNights[]): Promise<void> {
  for (const { clientId, file } of clients) {
    await sendModel(file, (model) => api.post('/clients', {}, model));
    await api.post('/schedules', {}, { client: clientId });
  }
}

/** The days of a client that have ended or wait for a person. */
async function endedDays(api: Api, { clientId, from, to }: DemoNights): Promise<CloseDocument[]> {
  const params = { path: { client: clientId }, query: { from, to } };
  const { days } = await api.get<CloseDays>('/clients/{client}/closes', params);
  return days.filter((day) => day.status !== 'running');
}

const nightsOf = ({ from, to }: DemoNights): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** Closes the nights, clients side by side, and tells how far it is. Returns each client's last night, in order. */
export async function closeNights(
  api: Api,
  clients: readonly DemoNights[],
  signal: AbortSignal,
): Promise<CloseDocument[]> {
  for (const { clientId, from, to } of clients)
    await api.post('/clients/{client}/backfills', { path: { client: clientId } }, { from, to });
  const wanted = clients.reduce((sum, one) => sum + nightsOf(one), 0);
  const progress = showProgress();
  try {
    for (;;) {
      const days = (await Promise.all(clients.map((one) => endedDays(api, one)))).flat();
      progress.say(`Closing the demo: ${days.length} of ${wanted} nights of ${clients.length} clients`);
      if (days.length >= wanted) return clients.map((one) => days.find((day) => isLast(day, one))!);
      await sleep(LOOK_AGAIN_MS, undefined, { signal });
    }
  } finally {
    progress.end();
  }
}

const isLast = (day: CloseDocument, { clientId, to }: DemoNights): boolean =>
  day.client === clientId && day.businessDate === to;
