import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { sql } from 'kysely';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import type { HandoffList } from '../../schemas/api/handoffs.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest } from '../support/temporal.ts';
import { type Serving, startServing } from './serving.ts';

const CLIENT = 'small-shop';
const DATE = '2026-03-02';

let serving: Serving;
let shop: SmallShop;
let token: string;
beforeAll(async () => {
  if (!devServer) return;
  serving = await startServing();
  shop = await openSmallShop();
  token = await serving.api.token('owner', null, 'ada');
}, 120_000);
afterAll(async () => {
  if (!devServer) return;
  await serving.stop();
  await shop.remove();
}, 60_000);

const ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  serving.api.ask<T>(method, path, { token, body });
const shown = async () => (await ask<CloseDocument>('GET', `/clients/${CLIENT}/closes/${DATE}?waitSeconds=30`)).body;
const handedOn = (day: CloseDocument) => day.handoffs.find((one) => one.kind === 'destination')!;

/** Numbers are stored with a definition that there is not, as a fault in a later version of the code might do. */
async function spoilDefinitions(): Promise<void> {
  await sql`
    create function spoil() returns trigger language plpgsql as
    'begin new.definition := ''unnamed''; return new; end'`.execute(serving.bench.db);
  await sql`create trigger spoiled before insert on published_number for each row execute function spoil()`.execute(
    serving.bench.db,
  );
}

async function mendDefinitions(): Promise<void> {
  await sql`drop trigger spoiled on published_number`.execute(serving.bench.db);
  await sql`update published_number set definition = metric || '@1' where definition = 'unnamed'`.execute(
    serving.bench.db,
  );
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 150; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('it did not come');
}

devServerTest(
  'a refused report has a review that asks its owner, the day stays published, and a rerun that delivers ends it',
  async () => {
    await shop.orders(DATE, [{ id: '1', at: `${DATE}T15:00:00Z`, amount: '60.00' }]);
    await ask('POST', '/clients', shop.document());
    await spoilDefinitions();
    await ask('POST', `/clients/${CLIENT}/closes/${DATE}`);
    const day = await shown();
    expect([day.status, handedOn(day).state]).toEqual(['published', 'refused']);
    const id = handedOn(day).exception!;
    await until(async () => ((await shown()).exceptions[0]?.state === 'awaiting_decision' ? true : undefined));
    expect((await shown()).status).toBe('published');
    const review = serving.environment.client.workflow.getHandle(exceptionWorkflowId(id));
    expect((await review.describe()).status.name).toBe('RUNNING');
    const refused = await ask<HandoffList>('GET', `/handoffs?client=${CLIENT}&state=refused`);
    expect(refused.body.handoffs[0]!.errors[0]!.path).toContain('definition');

    await mendDefinitions();
    const decided = await ask('POST', `/exceptions/${id}/decisions`, {
      decisionId: randomUUID(),
      verb: 'rerun',
      reason: 'mended',
    });
    expect(decided.status).toBe(200);
    expect(await review.result()).toBe('resolved');
    const after = await shown();
    expect([after.status, handedOn(after).state]).toEqual(['published', 'acknowledged']);
    expect(after.handoffs.find((one) => one.kind === 'person')).toMatchObject({
      state: 'acknowledged',
      receiver: 'ada',
    });
    expect(
      serving.bench.mailbox.mails.filter(
        (mail) => mail.headers.has('x-meshline-date') && mail.messageId?.includes('report'),
      ),
    ).toHaveLength(1);
  },
);
