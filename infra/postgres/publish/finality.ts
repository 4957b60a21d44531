import { type RawBuilder, sql } from 'kysely';

/** Whether a number is final now: its windows end by themselves, without a new version. */
export const finalityNow = (table: string): RawBuilder<string> => {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql`case when coalesce(${column('final_at')} <= now(), ${column('finality')} = 'final') then 'final' else 'provisional' end`;
};
