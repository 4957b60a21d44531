import { addDays } from '../../domain/business-day.ts';
import type { CloseBench } from '../support/close-day.ts';
import { openClient, runNight, type SoakClient } from './client.ts';
import { anewIn, wrongAfter } from './oracle.ts';

export type SoakResult = { clients: number; nights: number; attempts: number; mails: number; problems: string[] };
type Wish = { clients: number; nights: number; atOnce: number; onNight?: (night: number) => void };

const mailsTo = (bench: CloseBench): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const mail of bench.mailbox.mails) {
    const to = [mail.to]
      .flat()
      .map((one) => one?.text ?? '')
      .join(',');
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
};

/** Runs one night of all clients, some side by side; answers what was not as it must be. */
async function nightOfAll(bench: CloseBench, clients: readonly SoakClient[], night: number, atOnce: number) {
  const before = mailsTo(bench);
  const problems: string[] = [];
  let attempts = clients.length;
  const waiting = [...clients];
  const work = async () => {
    for (let client = waiting.shift(); client; client = waiting.shift()) {
      const anew = await runNight(bench, client, night);
      attempts += anew;
      if (anew !== anewIn(night))
        problems.push(`${client.id}, night ${night}: ${anew} days closed anew, not ${anewIn(night)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [to, count] of mailsTo(bench))
    if (count - (before.get(to) ?? 0) > 1)
      problems.push(`${to} got ${count - (before.get(to) ?? 0)} messages in night ${night}`);
  return { attempts, problems };
}

/** Closes clients night by night while their ad figures move, and holds everything against what is predicted. */
export async function soak(bench: CloseBench, { clients, nights, atOnce, onNight }: Wish): Promise<SoakResult> {
  const first = addDays(new Date().toISOString().slice(0, 10), -(nights + 2));
  const opened: SoakClient[] = [];
  for (let number = 0; number < clients; number += 1) opened.push(await openClient(bench, number, first));
  const result: SoakResult = { clients, nights, attempts: 0, mails: 0, problems: [] };
  for (let night = 0; night < nights; night += 1) {
    const { attempts, problems } = await nightOfAll(bench, opened, night, atOnce);
    result.attempts += attempts;
    result.problems.push(...problems);
    onNight?.(night);
  }
  for (const client of opened) result.problems.push(...(await wrongAfter(bench, client, nights)));
  result.mails = bench.mailbox.mails.length;
  if (result.mails !== clients * nights) result.problems.push(`${result.mails} mails, not ${clients * nights}`);
  for (const { shop } of opened) await shop.remove();
  return result;
}
