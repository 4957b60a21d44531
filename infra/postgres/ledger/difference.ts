import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { analyzeTable, createTempTable } from '../temp-table.ts';

const FACTS =
  'store_id, book, kind, business_date, occurred_at, amount_micros, currency, order_id, customer_key, channel, campaign, dimensions';
const ENTRY = sql.raw(`client_id, source_id, raw_event_id, transform_version, batch_id, ${FACTS}`);

/** Where the entries and quarantined records that should be are laid before they are compared with those that are. */
export async function createDesired(db: Db): Promise<void> {
  await createTempTable(
    db,
    'desired',
    sql`
      select ${ENTRY} from ledger_entry with no data`,
  );
  await createTempTable(
    db,
    'desired_quarantine',
    sql`
      select client_id, source_id, raw_event_id, business_date, amount_micros, currency, errors, transform_version
    from quarantine with no data`,
  );
}

/** Numbers equal facts within a key, so that two equal lines are two entries. */
const numbered = (from: string, id: string) =>
  sql.raw(
    `select ${id}, key_hash, row_number() over (partition by key_hash, ${FACTS} order by ${id}) as copy, ${FACTS} from ${from}`,
  );

const NULLABLE = new Set(['order_id', 'customer_key', 'channel', 'campaign', 'dimensions']);

/** Plain equality wherever nothing is null: only that can be joined by hash. */
const matches = sql.raw(
  ['key_hash', 'copy', ...FACTS.split(', ')]
    .map((column) => `d.${column} ${NULLABLE.has(column) ? 'is not distinct from' : '='} s.${column}`)
    .join(' and '),
);

async function createStanding(db: Db): Promise<void> {
  await createTempTable(
    db,
    'standing',
    sql`
      select e.*, a.key_hash from affected a
    join raw_event r on r.key_hash = a.key_hash
    join ledger_entry e on e.raw_event_id = r.raw_event_id
    where e.reverses_entry_id is null
      and not exists (select from ledger_entry x where x.reverses_entry_id = e.entry_id)`,
  );
  await analyzeTable(db, 'standing');
  await sql`alter table desired add column desired_id bigint generated always as identity`.execute(db);
  await createTempTable(
    db,
    'desired_keyed',
    sql`
      select d.*, r.key_hash from desired d join raw_event r using (raw_event_id)`,
  );
  await analyzeTable(db, 'desired_keyed');
}

export type PostedDifference = { posted: number; reversed: number; dates: string[] };
type Posted = { entries: number; dates: string[] };

/** Reverses the entries that stand and should not; equal facts stand as they are. */
async function reverseStale(db: Db, batchId: bigint): Promise<Posted> {
  const { rows } = await sql<Posted>`
    with reversed as (
      insert into ledger_entry (${ENTRY}, reverses_entry_id)
      select s.client_id, s.source_id, s.raw_event_id, s.transform_version, ${batchId}, s.store_id, s.book, s.kind,
        s.business_date, s.occurred_at, -s.amount_micros, s.currency, s.order_id, s.customer_key, s.channel, s.campaign,
        s.dimensions, s.entry_id
      from standing s
      where s.entry_id in (select s.entry_id from standing_n s where not exists (select from desired_n d where ${matches}))
      returning business_date
    ) select count(*)::int as entries, coalesce(array_agg(distinct business_date::text), '{}') as dates from reversed`.execute(
    db,
  );
  return rows[0]!;
}

async function postMissing(db: Db): Promise<Posted> {
  const { rows } = await sql<Posted>`
    with posted as (
      insert into ledger_entry (${ENTRY})
      select ${ENTRY} from desired_keyed
      where desired_id in (select d.desired_id from desired_n d where not exists (select from standing_n s where ${matches}))
      returning business_date
    ) select count(*)::int as entries, coalesce(array_agg(distinct business_date::text), '{}') as dates from posted`.execute(
    db,
  );
  return rows[0]!;
}

/**
 * Posts the difference between the entries that the affected keys have and those that they should have: a technical
 * reversal for each that no longer holds, a new entry for each that is missing, nothing for the rest.
 */
export async function postDifference(db: Db, batchId: bigint): Promise<PostedDifference> {
  await createStanding(db);
  await createTempTable(
    db,
    'standing_n',
    sql`
      ${numbered('standing', 'entry_id')}`,
  );
  await createTempTable(
    db,
    'desired_n',
    sql`
      ${numbered('desired_keyed', 'desired_id')}`,
  );
  await analyzeTable(db, 'standing_n');
  await analyzeTable(db, 'desired_n');
  const reversed = await reverseStale(db, batchId);
  const posted = await postMissing(db);
  const dates = [...new Set([...reversed.dates, ...posted.dates])].sort();
  return { posted: posted.entries, reversed: reversed.entries, dates };
}

/** Releases what no longer belongs in quarantine and quarantines what now does; an unchanged record stays as it is. */
export async function settleQuarantine(db: Db): Promise<void> {
  await sql`
    update quarantine q set released_at = now(), release_reason = 'replaced by a later version or transform'
    from affected a join raw_event r on r.key_hash = a.key_hash
    where q.raw_event_id = r.raw_event_id and q.released_at is null
      and not exists (select from desired_quarantine d where d.raw_event_id = q.raw_event_id and d.errors = q.errors
        and d.amount_micros is not distinct from q.amount_micros)`.execute(db);
  await sql`
    insert into quarantine (client_id, source_id, raw_event_id, business_date, amount_micros, currency, errors, transform_version)
    select d.* from desired_quarantine d
    where not exists (select from quarantine q where q.raw_event_id = d.raw_event_id and q.released_at is null)`.execute(
    db,
  );
}
