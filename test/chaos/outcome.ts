import pg from 'pg';
import type { Ground } from './ground.ts';
import { DATE } from './shop.ts';

/** What a client's day came to, without names, ids and times: equal for equal files, whatever was killed on the way. */
export type Outcome = Readonly<Record<string, unknown>>;

/** What may happen more than once, and is told: mails with a Message-ID that was there, audit rows of a repeated stage. */
export type Repeats = { mails: number; auditRows: number };

const QUERIES: Readonly<Record<string, string>> = {
  day: `select status, attempt, settled_attempt, settled_status, model_version, lapsed_at is null as stands
    from business_day where client_id = $1`,
  attempts: `select attempt, begins_at, cause, stage, status, error, ended_at is not null as ended
    from attempt where client_id = $1 order by attempt`,
  batches: `select source_id, slot, sequence, records, new_records, changed_records, gone_records, normalized_with
    from capture_batch where client_id = $1 order by source_id, sequence`,
  records: `select source_id, line, occurrence, business_key, content_hash::text from raw_event where client_id = $1 order by 1, 2, 3`,
  inactive: `select r.business_key, i.reason from inactive_event i join raw_event r using (raw_event_id)
    where i.client_id = $1 order by r.line`,
  entries: `select e.book, e.kind, e.amount_micros, e.currency, e.order_id, e.channel, e.dimensions,
      e.reverses_entry_id is not null as reverses, r.line
    from ledger_entry e join raw_event r using (raw_event_id) where e.client_id = $1
    order by r.line, e.book, e.kind, e.amount_micros, reverses`,
  quarantine: `select r.line, q.amount_micros, q.currency, q.errors, q.released_at is null as held
    from quarantine q join raw_event r using (raw_event_id) where q.client_id = $1 order by r.line`,
  totals: `select control_id, metric, slice, value_micros, evidence from source_total where client_id = $1 order by 1`,
  checks: `select attempt, check_id, status, message, observed from check_result where client_id = $1 order by 1, 2`,
  controls: `select attempt, control_id, ours_micros, theirs_micros, difference_micros, unreconciled_micros, status
    from control_result where client_id = $1 order by 1, 2`,
  items: `select attempt, control_id, kind, detail, amount_micros, records from reconciling_item where client_id = $1 order by 1, 2, 3`,
  values: `select attempt, metric, dimension, member, value_micros, currency from metric_value where client_id = $1 order by 1, 2, 3, 4`,
  published: `select metric, definition, dimension, member, version, value_micros, currency, status, finality, reason, attempt
    from published_number where client_id = $1 order by metric, dimension, member, version`,
  certificates: `select metric, state, attempt, lapsed_at is null as stands, lapse_reason from certificate where client_id = $1
    order by metric, certificate_id`,
  withheld: `select attempt, metric, dimension, member, reason from withheld_number where client_id = $1 order by 1, 2, 3, 4`,
  exceptions: `select kind, state, version, difference_micros, message, opened_attempt, last_attempt, reruns, resolution
    from exception where client_id = $1 order by kind`,
  decisions: `select verb, outcome, via, expected_version, after_attempt, used_by_attempt from decision where client_id = $1`,
  deliveries: `select report_id, destination_id, mode, recipients, subject, status, count(*) from delivery where client_id = $1
    group by 1, 2, 3, 4, 5, 6, report_version order by 1, 2`,
  notices: `select kind, recipients, count(*) from notice where client_id = $1 group by 1, 2 order by 1`,
  trail: `select distinct attempt, record::jsonb->>'action' as action from audit_event
    where client_id = $1 and record::jsonb->>'action' <> 'history.kept' order by 1, 2`,
};

const IDS = /\b[0-9a-f]{20}\b/g;

async function readTables(db: pg.Client, client: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(QUERIES)) found[name] = (await db.query(query, [client])).rows;
  return JSON.parse(JSON.stringify(found).replaceAll(client, 'client').replace(IDS, 'id')) as Record<string, unknown>;
}

type Mail = { messageId: string | null };

/** Of each mail that was to go out: whether it is in the mailbox, and how often beyond the first time. */
async function readMails(db: pg.Client, client: string, mails: readonly Mail[]) {
  const { rows } = await db.query<{ message_id: string }>(
    `select message_id from delivery where client_id = $1 union all select message_id from notice where client_id = $1`,
    [client],
  );
  const copies = rows.map((row) => mails.filter((mail) => mail.messageId === row.message_id).length);
  const of = mails.filter((mail) => rows.some((row) => row.message_id === mail.messageId)).length;
  return {
    missing: copies.filter((count) => count === 0).length,
    repeats: of - copies.filter((count) => count > 0).length,
  };
}

async function repeatedAuditRows(db: pg.Client, client: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select coalesce(sum(n - 1), 0)::int as count from (select count(*) as n from audit_event where client_id = $1
       group by attempt, record::jsonb->>'action', record::jsonb->>'subject') as of_stage`,
    [client],
  );
  return rows[0]!.count;
}

/** What stands after a close, read from the database, the mailbox and the API. */
export async function readOutcome(ground: Ground, client: string): Promise<{ outcome: Outcome; repeats: Repeats }> {
  const db = new pg.Client({ connectionString: ground.installation.endpoints.postgres });
  await db.connect();
  try {
    const { missing, repeats } = await readMails(db, client, await ground.mails());
    const outcome = {
      ...(await readTables(db, client)),
      missingMails: missing,
      audit: await ground.verifyAudit(client),
      recomputed: await ground.recompute(client, DATE),
    };
    return { outcome, repeats: { mails: repeats, auditRows: await repeatedAuditRows(db, client) } };
  } finally {
    await db.end();
  }
}

/** Names each part in which two outcomes differ, with what is there instead. */
export function deviations(expected: Outcome, found: Outcome): string[] {
  return Object.keys(expected).flatMap((part) => {
    const [wanted, got] = [JSON.stringify(expected[part]), JSON.stringify(found[part])];
    if (wanted === got) return [];
    const at = [...wanted].findIndex((char, index) => char !== got[index]);
    const from = Math.max(0, at - 60);
    return [`${part}: expected …${wanted.slice(from, at + 140)}, found …${got.slice(from, at + 140)}`];
  });
}
