import { sql } from 'kysely';
import { exactOrNull } from '../../../domain/money.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { ENDED } from '../review/transition.ts';

export type ExceptionWithDates = ExceptionRow & {
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
};

export type ExceptionFilter = { client: string | null; state: string | null; open: boolean };

/** Exceptions that the transaction sees, those whose deadline comes first before the others. */
export async function listExceptions(db: Db, { client, state, open }: ExceptionFilter): Promise<ExceptionWithDates[]> {
  const { rows } = await sql<ExceptionWithDates>`
    select * from exception
    where (${client}::text is null or client_id = ${client})
      and (${state}::text is null or state = ${state})
      and (not ${open} or state not in ${ENDED})
    order by deadline nulls last, opened_at, exception_id`.execute(db);
  return rows;
}

export async function findException(db: Db, id: string): Promise<ExceptionWithDates | undefined> {
  const { rows } = await sql<ExceptionWithDates>`select * from exception where exception_id = ${id}`.execute(db);
  return rows[0];
}

export async function resolutionOf(db: Db, id: string): Promise<string | null> {
  return (await findException(db, id))?.resolution ?? null;
}

export type QuarantinedRow = {
  raw_event_id: bigint;
  source_id: string;
  place: string;
  business_key: string;
  amount_micros: bigint | null;
  currency: string | null;
  errors: { path: string; found: string; expected: string }[];
  payload: string | null;
};

/** So many records a day's own documents show; an exception shows more. */
export const FIRST_QUARANTINED = 20;

export type QuarantinedRecord = {
  source: string;
  place: string;
  key: string;
  amount: string | null;
  currency: string | null;
  errors: QuarantinedRow['errors'];
};

/** A record in quarantine as documents show it, without its text. */
export const quarantinedRecord = (one: QuarantinedRow): QuarantinedRecord => ({
  source: one.source_id,
  place: one.place,
  key: one.business_key,
  amount: exactOrNull(one.amount_micros),
  currency: one.currency,
  errors: one.errors,
});

const SHOWN_TEXT = 2_000;

/** Records of a day that wait in quarantine, of some sources or of all where none is named. */
export async function quarantinedRecords(
  db: Db,
  day: { clientId: string; businessDate: string; sources: readonly string[] | null },
  limit: number,
): Promise<QuarantinedRow[]> {
  const { rows } = await sql<QuarantinedRow>`
    select q.raw_event_id, q.source_id, b.slot || ' line ' || r.line as place, r.business_key, q.amount_micros, q.currency, q.errors,
      left(r.payload, ${SHOWN_TEXT}) as payload
    from quarantine q join raw_event r using (raw_event_id) join capture_batch b using (batch_id)
    where q.client_id = ${day.clientId} and q.business_date = ${day.businessDate} and q.released_at is null
      and (${day.sources && [...day.sources]}::text[] is null or q.source_id = any(${day.sources && [...day.sources]}))
    order by q.quarantine_id limit ${limit}`.execute(db);
  return rows;
}
