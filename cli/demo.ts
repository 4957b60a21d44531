import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { CloseDocument } from './documents.ts';
import { sendModel } from './operating-model.ts';
import { showProgress } from './wait/progress.ts';

/** A client of the demo: its document, and the nights of it that are to be closed. */
export type DemoNights = { clientId: string; name: string; file: string; from: string; to: string };

const LOOK_AGAIN_MS = 1_000;

/** Applies the demo's operating models and schedules their nights. Repeatable. */
export async function introduce({ ask }: Api, clients: readonly DemoNights[]): Promise<void> {
  for (const { clientId, file } of clients) {
    await sendModel(file, (model) => ask((api) => api.POST('/api/v1/clients', { body: model })));
    await ask((api) => api.POST('/api/v1/schedules', { body: { client: clientId } }));
  }
}

/** The days of a client that have ended or wait for a person. */
async function endedDays({ ask }: Api, { clientId, from, to }: DemoNights): Promise<CloseDocument[]> {
  const params = { path: { client: clientId }, query: { from, to } };
  const { days } = await ask((api) => api.GET('/api/v1/clients/{client}/closes', { params }));
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
    await api.ask((client) =>
      client.POST('/api/v1/clients/{client}/backfills', { params: { path: { client: clientId } }, body: { from, to } }),
    );
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
