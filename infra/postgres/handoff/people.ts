import { sql } from 'kysely';
import type { Tx } from '../connect.ts';
import { ENDED } from '../review/transition.ts';
import { type DayOf, type HandoffRow, moveHandoffs, openHandoffs } from './rows.ts';
import { takesHandoff } from './transition.ts';

type Asked = { responsible: string | null; asked_at: Date | null; deadline: Date | null; state: string };

const idsOf = async (tx: Tx, exceptionId: string, event: 'answer' | 'miss' | 'forgive'): Promise<string[]> => {
  const { rows } = await sql<{ handoff_id: string }>`
    select handoff_id from handoff
    where exception_id = ${exceptionId} and kind = 'person' and state in ${takesHandoff(event)}`.execute(tx);
  return rows.map((one) => one.handoff_id);
};

/** Whoever decides or claims answers for everyone who was asked so far. */
export const answerPeople = async (tx: Tx, exceptionId: string, actor: string): Promise<HandoffRow[]> =>
  moveHandoffs(tx, 'answer', await idsOf(tx, exceptionId, 'answer'), { acknowledgedBy: actor });

async function open(tx: Tx, day: DayOf, exceptionId: string, asked: Asked): Promise<void> {
  const { responsible, asked_at, deadline } = asked;
  if (responsible === null || asked_at === null || !asked.state.startsWith('awaiting')) return;
  const subject = `${exceptionId}/${responsible}/${asked_at.toISOString()}`;
  const deadlineMs = deadline?.getTime() ?? null;
  const handoff = {
    kind: 'person',
    subject,
    contract: 'exceptions',
    sender: 'meshline',
    receiver: responsible,
  } as const;
  await openHandoffs(tx, day, [{ ...handoff, deadlineMs }]);
  await sql`
    update handoff set exception_id = ${exceptionId}
    where client_id = ${day.clientId} and business_date = ${day.businessDate} and kind = 'person'
      and subject = ${subject}`.execute(tx);
}

/**
 * Brings the hand-offs of an exception to what its chain says: whom it asks now, until when, and whether that has
 * passed. Repeatable; runs in the transaction that moves the exception, whose audit row tells of both.
 */
export async function followChain(tx: Tx, exceptionId: string): Promise<void> {
  const { rows } = await sql<Asked & { client_id: string; business_date: string }>`
    select client_id, business_date, responsible, asked_at, deadline, state from exception
    where exception_id = ${exceptionId}`.execute(tx);
  const { client_id: clientId, business_date: businessDate, ...asked } = rows[0]!;
  await open(tx, { clientId, businessDate }, exceptionId, asked);
  await sql`
    update handoff h set deadline = ${asked.deadline}
    where h.exception_id = ${exceptionId} and h.kind = 'person' and h.state = 'pending'
      and h.deadline is distinct from ${asked.deadline}::timestamptz`.execute(tx);
  if (asked.state === 'overdue') {
    const { rows: waiting } = await sql<{ handoff_id: string }>`
      select handoff_id from handoff where exception_id = ${exceptionId} and kind = 'person' and state = 'pending'`.execute(
      tx,
    );
    await moveHandoffs(
      tx,
      'miss',
      waiting.map((one) => one.handoff_id),
    );
  }
}

/** People who were asked about what is over by itself need not answer any more. */
export async function unneededAnswers(tx: Tx, { clientId, businessDate }: DayOf): Promise<string[]> {
  const { rows } = await sql<{ handoff_id: string }>`
    select h.handoff_id from handoff h join exception e using (exception_id)
    where h.client_id = ${clientId} and h.business_date = ${businessDate} and h.kind = 'person' and h.state = 'pending'
      and e.state in ${ENDED}`.execute(tx);
  return rows.map((one) => one.handoff_id);
}
