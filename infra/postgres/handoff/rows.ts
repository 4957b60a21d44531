import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { HandoffEvent, HandoffKind, HandoffState } from '../../../domain/handoff/table.ts';
import { appendAudit } from '../audit.ts';
import type { Tx } from '../connect.ts';
import { handoffBecomes, takesHandoff } from './transition.ts';

export type HandoffRow = {
  handoff_id: string;
  client_id: string;
  business_date: string;
  kind: HandoffKind;
  /** The source, the report and its destination, or the exception and whom it asks. */
  subject: string;
  contract: string;
  sender: string;
  receiver: string;
  state: HandoffState;
  deadline: Date | null;
  opened_at: Date;
  delivered_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  exception_id: string | null;
  batch_id: bigint | null;
  records: number | null;
  quarantined: number | null;
  payload_version: string | null;
  errors: readonly { path: string; found: string; expected: string }[];
};

export type DayOf = { clientId: string; businessDate: string };
export type NewHandoff = Pick<HandoffRow, 'kind' | 'subject' | 'contract' | 'sender' | 'receiver'> & {
  deadlineMs: number | null;
};

/** The same thing handed to the same receiver on the same day is the same hand-off. */
export function handoffId({ clientId, businessDate }: DayOf, kind: HandoffKind, subject: string): string {
  const key = JSON.stringify([clientId, businessDate, kind, subject]);
  return createHash('sha256').update(key).digest('hex').slice(0, 20);
}

/** Opens hand-offs that are not open yet; answers how many. */
export async function openHandoffs(tx: Tx, day: DayOf, handoffs: readonly NewHandoff[]): Promise<number> {
  const rows = handoffs.map(({ deadlineMs, ...one }) => ({
    handoff_id: handoffId(day, one.kind, one.subject),
    ...one,
    deadline: deadlineMs === null ? null : new Date(deadlineMs).toISOString(),
  }));
  const { numAffectedRows } = await sql`
    insert into handoff (client_id, business_date, handoff_id, kind, subject, contract, sender, receiver, deadline)
    select ${day.clientId}, ${day.businessDate}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(handoff_id text, kind text, subject text, contract text,
      sender text, receiver text, deadline timestamptz)
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** What is known of a hand-off from an event on. */
export type HandoffFacts = {
  deliveredAt?: Date;
  acknowledgedBy?: string;
  batchId?: bigint;
  version?: string;
  errors?: HandoffRow['errors'];
  /** Kept only of what was refused: anything else stands where it went. */
  payload?: unknown;
  exceptionId?: string;
};

/** Lets an event happen to the hand-offs that it can happen to, and answers those that it changed. */
export async function moveHandoffs(
  tx: Tx,
  event: HandoffEvent,
  ids: readonly string[],
  facts: HandoffFacts = {},
): Promise<HandoffRow[]> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const { rows } = await sql<HandoffRow>`
    update handoff set state = ${handoffBecomes(event, sql`state`)},
      delivered_at = coalesce(${facts.deliveredAt ?? null}::timestamptz, delivered_at),
      acknowledged_at = case when ${event} in ('acknowledge', 'answer') then now() else acknowledged_at end,
      acknowledged_by = coalesce(${facts.acknowledgedBy ?? null}, acknowledged_by),
      batch_id = coalesce(${facts.batchId ?? null}::bigint, batch_id),
      payload_version = coalesce(${facts.version ?? null}, payload_version),
      errors = coalesce(${json(facts.errors)}::jsonb, errors), payload = ${json(facts.payload)}::jsonb,
      exception_id = coalesce(${facts.exceptionId ?? null}, exception_id)
    where handoff_id = any(${[...ids]}) and state in ${takesHandoff(event)}
    returning *`.execute(tx);
  return rows;
}

/** Hands over now what is in time by its deadline, and late what is not. */
export async function deliverHandoff(
  tx: Tx,
  id: string,
  at: Date,
  facts: Omit<HandoffFacts, 'deliveredAt'>,
): Promise<HandoffRow[]> {
  const { rows } = await sql<{ late: boolean }>`
    select coalesce(deadline < ${at}, false) as late from handoff where handoff_id = ${id}`.execute(tx);
  const event: HandoffEvent = rows[0]?.late ? 'deliver_late' : 'deliver';
  return moveHandoffs(tx, event, [id], { ...facts, errors: [], deliveredAt: at });
}

/** One row in the trail for what happened to hand-offs of a day; none where nothing did. The transaction's last statement. */
export async function auditHandoffs(
  tx: Tx,
  auditKey: Buffer,
  day: DayOf & { attempt?: number },
  action: `handoff.${'delivered' | 'acknowledged' | 'refused' | 'missed' | 'forgiven'}`,
  rows: readonly HandoffRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await appendAudit(tx, auditKey, {
    clientId: day.clientId,
    businessDate: day.businessDate,
    ...(day.attempt !== undefined && { attempt: day.attempt }),
    actor: 'meshline',
    action,
    subject: day.businessDate,
    detail: {
      handoffs: rows.map(({ handoff_id, kind, subject, receiver, state, exception_id }) => ({
        id: handoff_id,
        kind,
        subject,
        receiver,
        state,
        ...(exception_id && { exceptionId: exception_id }),
      })),
    },
  });
}
