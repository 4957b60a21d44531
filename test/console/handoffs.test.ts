import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { HandoffList } from '../../schemas/api/handoffs.ts';
import { type ApiBench, startApi } from './api-bench.ts';

let bench: ApiBench;
beforeAll(async () => {
  bench = await startApi();
  for (const client of ['ours', 'theirs']) {
    await sql`insert into client (client_id, name) values (${client}, ${client})`.execute(bench.database.db);
    await sql`
      insert into handoff (handoff_id, client_id, business_date, kind, subject, contract, sender, receiver, state, deadline,
        delivered_at, errors)
      select ${client} || '-' || d.state, ${client}, d.day::date, 'destination', 'nightly/' || d.state, 'reports/nightly',
        'close', 'mail', d.state, '2026-03-11T08:00:00Z', d.delivered::timestamptz, '[{"path":"x","found":"1","expected":"2"}]'
      from (values ('2026-03-10', 'acknowledged', '2026-03-11T08:00:01Z'), ('2026-03-11', 'refused', null)) as d(day, state, delivered)`.execute(
      bench.database.db,
    );
  }
});
afterAll(() => bench.stop());

const list = async (query: string, clients: readonly string[] | null) => {
  const token = await bench.token('viewer', clients);
  const answer = await bench.ask<HandoffList>('GET', `/handoffs${query}`, { token });
  expect(answer.status).toBe(200);
  return answer.body.handoffs;
};
const ids = async (query: string, clients: readonly string[] | null = null) =>
  (await list(query, clients)).map((one) => one.id);

test('hand-offs are listed by client, day and state, the newest days first', async () => {
  expect(await ids('')).toEqual(['ours-refused', 'theirs-refused', 'ours-acknowledged', 'theirs-acknowledged']);
  expect(await ids('?client=ours')).toEqual(['ours-refused', 'ours-acknowledged']);
  expect(await ids('?date=2026-03-10&state=acknowledged')).toEqual(['ours-acknowledged', 'theirs-acknowledged']);
  expect((await list('?client=ours&date=2026-03-10', null))[0]).toMatchObject({ late: true, exception: null });
  expect((await list('?client=ours&state=refused', null))[0]).toMatchObject({
    late: false,
    errors: [{ path: 'x', found: '1', expected: '2' }],
  });
});

test('a token of one client sees no hand-off of another, nor whether there is one', async () => {
  expect(await ids('', ['ours'])).toEqual(['ours-refused', 'ours-acknowledged']);
  const token = await bench.token('viewer', ['ours']);
  const answer = await bench.ask('GET', '/handoffs?client=theirs', { token });
  expect([answer.status, answer.body.type]).toEqual([404, '/problems/unknown-client']);
});

test('a state that there is not is refused', async () => {
  const token = await bench.token('viewer');
  expect((await bench.ask('GET', '/handoffs?state=lost', { token })).status).toBe(400);
});
