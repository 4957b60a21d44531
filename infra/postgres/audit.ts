import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './connect.ts';
import { changedLocks } from './period/verify.ts';

export type AuditRecord = {
  clientId: string;
  businessDate?: string;
  attempt?: number;
  actor: string;
  onBehalfOf?: string;
  action: string;
  subject: string;
  detail: Readonly<Record<string, unknown>>;
};
export type AuditHead = { sequence: bigint; hash: string };
type EventRow = { client_id: string; sequence: bigint; record: string; hash: Buffer };

const GENESIS = Buffer.alloc(32);

function chainHash(key: Buffer, previous: Buffer, sequence: bigint, record: string): Buffer {
  return createHmac('sha256', key).update(previous).update(`${sequence}\n`).update(record).digest();
}

/** Installation-wide events (tokens, say) have a chain of their own. */
export const INSTALLATION = '@installation';

/**
 * Appends one row to the client's chain. Must be the last statement of the transaction that it records: it locks the
 * head until commit, and every other writer takes its business days before the head.
 */
export async function appendAudit(tx: Db, key: Buffer, event: AuditRecord): Promise<AuditHead> {
  const { clientId, businessDate, attempt, ...rest } = event;
  await sql`insert into audit_head values (${clientId}, 0, ${GENESIS}) on conflict do nothing`.execute(tx);
  const head = await sql<{ sequence: bigint; hash: Buffer }>`
    select sequence, hash from audit_head where client_id = ${clientId} for update`.execute(tx);
  const previous = head.rows[0]!;
  const sequence = previous.sequence + 1n;
  const at = new Date().toISOString();
  const record = JSON.stringify({ at, clientId, businessDate, attempt, ...rest });
  const hash = chainHash(key, previous.hash, sequence, record);
  await sql`
    insert into audit_event (client_id, sequence, occurred_at, record, hash, business_date, attempt)
    values (${clientId}, ${sequence}, ${at}, ${record}, ${hash}, ${businessDate ?? null}, ${attempt ?? null})`.execute(
    tx,
  );
  await sql`update audit_head set sequence = ${sequence}, hash = ${hash} where client_id = ${clientId}`.execute(tx);
  return { sequence, hash: hash.toString('hex') };
}

/** The chain's present end, without locking it. */
export async function auditHead(db: Db, clientId: string): Promise<AuditHead> {
  const { rows } = await sql<{ sequence: bigint; hash: Buffer }>`
    select sequence, hash from audit_head where client_id = ${clientId}`.execute(db);
  return rows[0] ? { sequence: rows[0].sequence, hash: rows[0].hash.toString('hex') } : { sequence: 0n, hash: '' };
}

export type AuditProblem = { client: string; sequence: string; problem: string };

/**
 * Recomputes a client's chain and compares its end with the head and with every certificate and locked month that names
 * a place in it: an edit or reorder breaks a hash, a gap breaks the numbering, a cut tail contradicts the head, a
 * certificate or a lock.
 */
export async function verifyAudit(
  db: Db,
  key: Buffer,
  clientId: string,
): Promise<{ events: number; problems: AuditProblem[] }> {
  const { rows } = await sql<EventRow>`
    select client_id, sequence, record, hash from audit_event where client_id = ${clientId} order by sequence`.execute(
    db,
  );
  const problems: AuditProblem[] = [];
  const found = (sequence: bigint, problem: string) =>
    problems.push({ client: clientId, sequence: String(sequence), problem });
  let previous: Buffer = GENESIS;
  let expected = 1n;
  const hashes = new Map<bigint, string>();
  for (const row of rows) {
    if (row.sequence !== expected)
      found(row.sequence, `expected event ${expected}, found ${row.sequence}: events are missing`);
    if (!chainHash(key, previous, row.sequence, row.record).equals(row.hash))
      found(row.sequence, 'the event does not match its hash: it was edited, moved or made with another key');
    previous = row.hash;
    expected = row.sequence + 1n;
    hashes.set(row.sequence, row.hash.toString('hex'));
  }
  const head = await auditHead(db, clientId);
  if (head.sequence !== expected - 1n)
    found(head.sequence, `the chain ends at ${expected - 1n}, its head says ${head.sequence}`);
  const anchors = await sql<{ audit_sequence: bigint; audit_hash: string }>`
    select audit_sequence, audit_hash from certificate where client_id = ${clientId} and audit_sequence > 0
    union
    select audit_sequence, audit_hash from period_lock where client_id = ${clientId} order by 1`.execute(db);
  for (const anchor of anchors.rows)
    if (hashes.get(anchor.audit_sequence) !== anchor.audit_hash)
      found(
        anchor.audit_sequence,
        'a certificate or a locked month names this event with another hash: the tail was cut or replaced',
      );
  for (const { sequence, problem } of await changedLocks(db, clientId)) found(sequence, problem);
  return { events: rows.length, problems };
}
