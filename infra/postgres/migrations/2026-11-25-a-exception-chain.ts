import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Who is asked now, and when each step of the chain comes; a step that was taken, or does not come, has no instant.
  await sql`
    alter table exception
      add column responsible text,
      add column reassigned_to text,
      add column asked_at timestamptz,
      add column hand_over_at timestamptz,
      add column remind_at timestamptz,
      add column deputy_at timestamptz,
      add column claimed_by text,
      add column claimed_until timestamptz,
      add constraint exception_state check (state in
        ('healing', 'awaiting_decision', 'awaiting_second', 'overdue', 'deciding', 'resolved', 'rejected'))`.execute(
    db,
  );
  await sql`
    alter table decision add constraint decision_outcome check (outcome in
      ('recorded', 'used', 'spent', 'proposed', 'noted'))`.execute(db);
}
