import { sql } from 'kysely';
import { EVENTS, stateAfter, VERBS } from '../../../../domain/exception/table.ts';
import { becomes, ENDED, takes } from '../../../../infra/postgres/review/transition.ts';
import { EXCEPTION_STATES } from '../../../../schemas/states.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test.each([...VERBS, ...EVENTS])('the database moves a state by %s as the table says', async (event) => {
  const { rows } = await sql<{ state: (typeof EXCEPTION_STATES)[number]; next: string; taken: boolean }>`
    select state, ${becomes(event, sql`state`)} as next, state in ${takes(event)} as taken
    from unnest(${[...EXCEPTION_STATES]}::text[]) as state`.execute(database.db);
  expect(rows).toHaveLength(EXCEPTION_STATES.length);
  for (const { state, next, taken } of rows)
    expect([state, next, taken]).toEqual([
      state,
      stateAfter(state, event) ?? state,
      stateAfter(state, event) !== undefined,
    ]);
});

test('the database keeps no other state, and knows which are the ends', async () => {
  const { rows } = await sql<{ state: string }>`
    select state from unnest(${[...EXCEPTION_STATES]}::text[]) as state where state in ${ENDED}`.execute(database.db);
  expect(rows.map(({ state }) => state)).toEqual(['resolved', 'rejected']);
  await sql`insert into client (client_id, name) values ('acme', 'Acme')`.execute(database.db);
  const stored = sql`
    insert into exception (exception_id, client_id, business_date, kind, subject, store_id, owner, deputy, state, input_hash,
      message, withheld, opened_attempt, last_attempt)
    values ('e1', 'acme', '2026-05-01', 'control_difference', 'till', '', 'ann', 'ben', 'pondering', 'h', 'differs', '[]', 1, 1)`;
  await expect(stored.execute(database.db)).rejects.toThrow('exception_state');
});
