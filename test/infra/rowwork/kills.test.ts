import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { loadModel, transformRule } from '../../../infra/postgres/model.ts';
import { inTransaction, withSession } from '../../../infra/postgres/session.ts';
import { captureSnapshot, type Snapshot } from '../../../infra/rowwork/capture-snapshot.ts';
import { snapshotOf } from '../../../infra/sources/file/snapshot.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { DATE, openLedger, order, type SmallLedger } from '../../support/small-ledger.ts';

const ORDERS = Array.from({ length: 2_000 }, (_, at) => order(`A${at}`, '1.00'));

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline({ threads: 2 });
});
afterAll(() => pipeline.close());

async function snapshotOfDay(ledger: SmallLedger): Promise<Snapshot> {
  const { document } = await loadModel(pipeline.database.db, ledger.client, 1);
  const source = document.sources[0]!;
  const rule = transformRule(document, source);
  const file = { path: ledger.pathOf(), name: ledger.pathOf() };
  return snapshotOf({ clientId: ledger.client, date: DATE, source, rule }, file, pipeline.deps.files);
}

/** Resolves when a backend waits for a lock that another holds. */
async function untilSomeoneWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select from pg_locks l join pg_database d on d.oid = l.database or l.locktype = 'transactionid'
      where not l.granted and d.datname = current_database()`.execute(pipeline.database.db);
    if (rows.length > 0) return;
    await sleep(20);
  }
}

describe('a capture', () => {
  test('that is killed with all its rows written leaves none of them, and the next one captures', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver(ORDERS);
    const abort = new AbortController();
    const { databaseUrl, secrets, rowWork } = pipeline.deps;
    const input = { ...(await snapshotOfDay(ledger)), databaseUrl, auditKey: secrets.auditKey, attempt: 1, actor: 'x' };
    // The audit row is the last statement: whoever waits for the chain's head has written everything else.
    const killed = await pipeline.database.db.transaction().execute(async (tx) => {
      await sql`select from audit_head where client_id = ${ledger.client} for update`.execute(tx);
      const running = rowWork.captureFile(input, abort.signal).catch((error: Error) => error);
      await untilSomeoneWaits();
      abort.abort();
      return running;
    });
    expect(killed).toMatchObject({ name: 'AbortError' });
    expect(await ledger.capture()).toMatchObject({ status: 'captured', records: ORDERS.length });
    expect(await ledger.count('capture_batch')).toBe(1);
    expect(await ledger.count('raw_event')).toBe(ORDERS.length);
  });

  test('runs twice at once: one batch, and the other finds it unchanged', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver(ORDERS);
    const both = await Promise.all([ledger.capture(), ledger.capture()]);
    expect(both.map((one) => one.status).sort()).toEqual(['captured', 'unchanged']);
    expect(await ledger.count('capture_batch')).toBe(1);
    expect(await ledger.count('raw_event')).toBe(ORDERS.length);
  });

  test('of a file that changes while it is read is refused, and nothing is left', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver(ORDERS);
    const snapshot = await snapshotOfDay(ledger);
    // What is read first is the digest; the format is asked for when the records are.
    const growing = Object.defineProperty({ ...snapshot }, 'format', {
      get: () => {
        appendFileSync(ledger.pathOf(), '{}\n');
        return snapshot.format;
      },
    }) as Snapshot;
    const capture = () =>
      withSession(pipeline.database.url, (session) => inTransaction(session, () => captureSnapshot(session, growing)));
    await expect(capture()).rejects.toMatchObject({ type: 'changed_while_reading' });
    expect(await ledger.count('capture_batch')).toBe(0);
    expect(await ledger.count('raw_event')).toBe(0);
  });

  test('is normalized twice at once: every entry once', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver(ORDERS);
    await ledger.capture();
    await Promise.all([pipeline.normalize(ledger.client, DATE), pipeline.normalize(ledger.client, DATE)]);
    expect((await ledger.content()).standing).toHaveLength(ORDERS.length);
  });
});
