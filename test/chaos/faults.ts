import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { POINTS, type Point } from './points.ts';

/** A transaction that is held right before its commit. */
export type Hold = { client: string; point: Point };

const PAUSE_MS = 2;
const HELD_WITHIN_MS = 90_000;

/** Waits under a lock of the harness, at the commit of a transaction of a client whose point is armed. */
const FUNCTION = `
  create or replace function chaos_hold() returns trigger language plpgsql security definer as $$
  declare armed bigint;
  begin
    select key into armed from chaos_armed where client_id = new.client_id and stage = tg_argv[0];
    if found then perform pg_advisory_xact_lock_shared(armed); end if;
    return null;
  end $$`;

const HELD = `
  select l.pid from chaos_armed a
  join pg_locks l on l.locktype = 'advisory' and l.objsubid = 1 and (l.classid::bigint << 32) + l.objid::bigint = a.key
  where a.client_id = any($1) and l.mode = 'ShareLock' and not l.granted`;

async function install(db: pg.Client): Promise<void> {
  await db.query('create table if not exists chaos_armed (key bigint primary key, client_id text, stage text)');
  await db.query(FUNCTION);
  const stages = new Map(POINTS.map((point) => [point.stage, point]));
  for (const { stage, table, on, when } of stages.values())
    await db.query(
      `create constraint trigger "chaos ${stage}" after ${on} on ${pg.escapeIdentifier(table)}
       deferrable initially deferred for each row ${when ? `when (${when})` : ''}
       execute function chaos_hold(${pg.escapeLiteral(stage)})`,
    );
}

/** Holds transactions at their commit from outside: the product knows nothing of it. */
export class Faults {
  readonly #url: string;
  #db!: pg.Client;
  #installed = false;
  #lastKey = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Connects anew: a Postgres that was killed has let go of every lock and of every transaction. */
  async connect(): Promise<void> {
    await this.close();
    this.#db = new pg.Client({ connectionString: this.#url, application_name: 'chaos' });
    this.#db.on('error', () => undefined);
    await this.#db.connect();
    if (!this.#installed) await install(this.#db);
    this.#installed = true;
    await this.#db.query('delete from chaos_armed');
  }

  async close(): Promise<void> {
    await this.#db?.end().catch(() => undefined);
  }

  async arm({ client, point }: Hold): Promise<void> {
    this.#lastKey += 1;
    await this.#db.query('select pg_advisory_lock($1)', [this.#lastKey]);
    await this.#db.query('insert into chaos_armed values ($1, $2, $3)', [this.#lastKey, client, point.stage]);
  }

  /** Backends of the transactions that are held. */
  async #held(holds: readonly Hold[]): Promise<number[]> {
    const { rows } = await this.#db.query<{ pid: number }>(HELD, [holds.map((one) => one.client)]);
    return rows.map((row) => row.pid);
  }

  /** Resolves when every one of them stands before its commit; throws with those that never came there. */
  async untilHeld(holds: readonly Hold[]): Promise<void> {
    for (const deadline = Date.now() + HELD_WITHIN_MS; ; await sleep(PAUSE_MS)) {
      const missing: string[] = [];
      for (const hold of holds) if ((await this.#held([hold])).length === 0) missing.push(hold.point.name);
      if (missing.length === 0) return;
      if (Date.now() > deadline) throw new Error(`never reached: ${missing.join(', ')}`);
    }
  }

  /** Lets go, and resolves when what was held has committed. */
  async commit(holds: readonly Hold[]): Promise<void> {
    const pids = await this.#held(holds);
    await this.disarm();
    const busy = `select from pg_stat_activity where pid = any($1) and state = 'active'`;
    while ((await this.#db.query(busy, [pids])).rowCount) await sleep(PAUSE_MS);
  }

  /** Ends what is held without a commit, as a server does whose client has gone before it said so. */
  async abort(holds: readonly Hold[]): Promise<void> {
    await this.#db.query('select pg_terminate_backend(pid, 5000) from unnest($1::int[]) pid', [
      await this.#held(holds),
    ]);
    await this.disarm();
  }

  /** Nothing is held from here on. */
  async disarm(): Promise<void> {
    await this.#db.query('delete from chaos_armed');
    await this.#db.query('select pg_advisory_unlock_all()');
  }
}
