import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSet } from '../../infra/operating-model/read.ts';
import type { Ran } from '../support/installation.ts';
import type { Ground } from './ground.ts';
import type { Story } from './points.ts';
import { DATE } from './shop.ts';

const PAUSE_MS = 250;
/** `heard`: everyone who was told of an exception was told how it ended. */
type Standing = { status: string; open: boolean; exception: string | null; asked: boolean; heard: boolean };

/** Where a client's day stands; undefined where it was never opened, or where Postgres is away. */
async function standing(ground: Ground, client: string): Promise<Standing | undefined> {
  const found = await ground
    .query<Standing>(
      `select d.status, exists (select from attempt a where a.client_id = d.client_id and a.ended_at is null) as open,
         e.exception_id as exception, e.state = 'awaiting_decision' and exists (select from notice n
           where n.exception_id = e.exception_id and n.kind = 'asked' and n.sent_at is not null) as asked,
         not exists (select from notice n where n.client_id = d.client_id and n.kind <> 'ended' and n.sent_at is not null
           and not exists (select from notice l where l.exception_id = n.exception_id and l.kind = 'ended'
             and l.recipients = n.recipients and l.sent_at is not null)) as heard
       from business_day d left join exception e using (client_id) where d.client_id = $1`,
      [client],
    )
    .catch(() => []);
  return found[0];
}

/** Applies the document of a new client. */
export async function applyClient({ shop, api }: Ground, client: string, story: Story): Promise<void> {
  const { base, files } = await readFileSet(await shop.document(client, story));
  const { error } = await api.POST('/api/v1/clients', { body: { base, files } });
  if (error) throw new Error(`${client}: ${JSON.stringify(error)}`);
}

/** Closes the day as a person does, and waits for it. */
export const runClose = ({ installation }: Ground, client: string): Promise<Ran> =>
  installation.run('close', 'run', '--client', client, '--date', DATE, '--wait', '--json');

export const approve = ({ installation }: Ground, exception: string): Promise<Ran> =>
  installation.run('exceptions', 'approve', exception, '--reason', 'known to the shop', '--json');

/** Where a person can decide, and has been told so. */
const askedFor = (day: Standing | undefined): string | null => (day?.asked && !day.open ? day.exception : null);

/** Resolves with the exception that waits for a decision. */
export async function untilAsked(ground: Ground, client: string, deadline: number): Promise<string> {
  for (; Date.now() < deadline; await sleep(PAUSE_MS)) {
    const exception = askedFor(await standing(ground, client));
    if (exception) return exception;
  }
  throw new Error('nobody was asked to decide');
}

/** Resolves when the day is published; a person accepts the difference meanwhile, as often as the day asks for it. */
export async function untilPublished(ground: Ground, client: string, deadline: number): Promise<void> {
  let day: Standing | undefined;
  for (; Date.now() < deadline; await sleep(PAUSE_MS)) {
    day = await standing(ground, client);
    if (day?.status === 'published' && !day.open && day.heard) return;
    const exception = askedFor(day);
    if (exception) await approve(ground, exception);
  }
  throw new Error(`never published; the day is ${JSON.stringify(day)}`);
}
