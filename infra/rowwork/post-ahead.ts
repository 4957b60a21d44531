import { lockSource } from '../postgres/capture/batch.ts';
import { type Copy, openCopy, openRowCopy } from '../postgres/copy.ts';
import type { CopyRows } from '../postgres/copy-rows.ts';
import { noteSales } from '../postgres/customers/sales.ts';
import { markNormalized, standsAlone, withdrawPosted } from '../postgres/ledger/batches.ts';
import { openSession, type Session } from '../postgres/session.ts';
import { sampleLoad } from '../postgres/statistics.ts';
import type { Follower } from './capture-snapshot.ts';
import { type AddLines, compileAddLines, ENTRY_COLUMNS, type Lines, QUARANTINE_COLUMNS } from './entry-lines.ts';
import { type NormalizeJob, recordNormalized } from './normalize-batches.ts';
import type { PlacedRecord } from './place-records.ts';

/** Quarantined records wait for the end of the entries' COPY, so many at most. */
const MOST_WAITING = 20_000;

/**
 * Posts the entries of a first capture while its file is read: one parse serves both, and two connections store side by
 * side. It is work done ahead and nothing else: it commits after the capture has, and only where the batch then stands
 * as it was read. In any other case, a crash included, it is as if it had never been, and the batch is normalized in its
 * turn from what is stored.
 */
export class PostAhead implements Follower {
  readonly #job: NormalizeJob;
  readonly #compiled: { add: AddLines; empty(): Lines };
  #session: Session | null = null;
  #copy: Copy<CopyRows> | null = null;
  #batchId = 0n;
  #waiting: string[] = [];
  #counts = { records: 0, posted: 0, quarantined: 0 };
  #settled: Promise<void> | null = null;
  #inactive: number | null = null;
  #dates: ReadonlySet<string> = new Set();

  constructor(job: NormalizeJob) {
    this.#job = job;
    this.#compiled = compileAddLines(job);
  }

  async begin(batchId: bigint): Promise<void> {
    this.#batchId = batchId;
    this.#session = await openSession(this.#job.databaseUrl);
    await this.#session.client.query('begin');
    this.#openEntries();
  }

  #openEntries(): void {
    this.#copy = openRowCopy(this.#session!.client, `ledger_entry (${ENTRY_COLUMNS})`);
  }

  async add(records: readonly PlacedRecord[]): Promise<void> {
    if (!this.#copy) return;
    const lines = this.#compiled.empty();
    for (const { place, record } of records) this.#compiled.add(place, record, lines);
    this.#dates = lines.dates;
    this.#counts.records += records.length;
    this.#waiting.push(...lines.quarantined);
    await this.#copy.write(lines.entries);
    if (this.#waiting.length < MOST_WAITING) return;
    await this.#storeWaiting();
    this.#openEntries();
  }

  async #storeWaiting(): Promise<void> {
    this.#counts.posted += (await this.#copy?.end()) ?? 0;
    this.#copy = null;
    if (this.#waiting.length === 0) return;
    const quarantine = openCopy(this.#session!.client, `quarantine (${QUARANTINE_COLUMNS})`);
    await quarantine.write(this.#waiting);
    this.#counts.quarantined += await quarantine.end();
    this.#waiting = [];
  }

  settle(withdrawn: readonly bigint[]): void {
    this.#settled = this.#withdraw(withdrawn);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    this.#settled.catch(() => undefined);
  }

  async #withdraw(withdrawn: readonly bigint[]): Promise<void> {
    await this.#storeWaiting();
    if (withdrawn.length > 0) this.#counts.posted -= await withdrawPosted(this.#session!.db, withdrawn);
    this.#counts.records -= withdrawn.length;
    this.#inactive = withdrawn.length;
  }

  async abandon(): Promise<void> {
    await this.#copy?.abort(new Error('other batches have a say'));
    this.#copy = null;
    await this.close();
  }

  /** To be called once the capture has committed. */
  async commit(): Promise<void> {
    await this.#settled;
    if (!this.#session || this.#inactive === null) return;
    const { client, db } = this.#session;
    const { clientId, rule, transformVersion } = this.#job;
    await lockSource(db, { clientId, sourceId: rule.sourceId });
    if (!(await standsAlone(db, this.#batchId, this.#inactive))) return;
    await sampleLoad(db, 'ledger_entry', this.#counts.posted);
    await markNormalized(db, [this.#batchId], transformVersion);
    const dates = [...this.#dates].sort();
    await noteSales(db, clientId, dates);
    await recordNormalized(db, this.#job, { ...this.#counts, reversed: 0, dates, batches: [this.#batchId] });
    await client.query('commit');
  }

  /** Ends its connection; what has not been committed is gone. */
  async close(): Promise<void> {
    await this.#session?.client.end().catch(() => undefined);
    this.#session = null;
  }
}
