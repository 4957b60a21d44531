import { sql } from 'kysely';
import type { ParsedMail } from 'mailparser';
import type { DecideInput } from '../../domain/exception/decision.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import type { Via } from '../../infra/postgres/review/decisions.ts';
import type { CloseBench } from './close-day.ts';
import { fileControl, type SmallShop } from './small-shop.ts';

export const DATE = '2026-03-10';
const RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 };
const person = (id: string, more: object = {}) => ({
  id,
  name: id[0]!.toUpperCase() + id.slice(1),
  email: `${id}@agency.example`,
  timezone: 'UTC',
  ...more,
});

type Wish = {
  clientId: string;
  people?: Readonly<Record<string, object>>;
  exceptions?: object;
  effectiveFrom?: string;
};

/** The document of a shop whose gross sales a control compares: ada owns them, ben is the deputy, cleo is called. */
export const deskDocument = (shop: SmallShop, { clientId, people = {}, exceptions = {}, ...more }: Wish) =>
  shop.document({
    client: { id: clientId },
    people: ['ada', 'ben', 'cleo', 'dan'].map((id) => person(id, people[id])),
    owners: {
      metrics: { '*': { owner: 'ada', deputy: 'ben' } },
      transforms: { '*': { owner: 'ada', deputy: 'ben' } },
      reports: { nightly: { owner: 'ada', deputy: 'ben' } },
      incidents: { owner: 'cleo', deputy: 'dan' },
    },
    exceptions: {
      retry: RETRY,
      rerun: { attempts: 0, delay: '1s' },
      decideWithin: '4h',
      escalateTo: 'cleo',
      ...exceptions,
    },
    controls: [fileControl('gross_sales')],
    report: { metrics: ['gross_sales', 'net_sales', 'orders'], destinations: [] },
    ...more,
  });

type Said = Partial<DecideInput> & { via?: Via };

/** One client's only exception, as its review and its people meet it. */
export type Desk = {
  row(): Promise<ExceptionRow>;
  ask(): Promise<void>;
  /** Plans and sends what says that the system tries by itself. */
  tellHealing(): Promise<void>;
  say(verb: DecideInput['verb'], said?: Said): ReturnType<CloseBench['activities']['recordDecision']>;
  /** Takes the step that is next, whatever time it is. */
  climb(): Promise<string | undefined>;
  /** Sends every mail that is owed, whatever time it is. */
  sendAll(): Promise<void>;
  /** When mails are owed, in their order. */
  owed(): Promise<{ noticeId: string; dueMs: number }[]>;
  end(): Promise<void>;
  mails(): ParsedMail[];
  actions(): Promise<string[]>;
};

let decisions = 0;

export function openDesk(bench: CloseBench, clientId: string): Desk {
  const { activities, db } = bench;
  const row = async (): Promise<ExceptionRow> => {
    const { rows } = await sql<ExceptionRow>`select * from exception where client_id = ${clientId}`.execute(db);
    if (rows.length !== 1) throw new Error(`${clientId} has ${rows.length} exceptions`);
    return rows[0]!;
  };
  const review = async () => bench.run(async () => activities.loadReview((await row()).exception_id));
  const send = (owed: readonly { noticeId: string }[]) =>
    bench.run(async () => {
      for (const { noticeId } of owed) await activities.sendNotice(noticeId);
    });
  return {
    row,
    ask: async () => bench.run(async () => activities.askOwner((await row()).exception_id)),
    tellHealing: async () => send(await bench.run(async () => activities.tellHealing((await row()).exception_id))),
    async say(verb, { via = 'api', ...said } = {}) {
      const { exception_id: exceptionId, version } = await row();
      decisions += 1;
      const input = {
        decisionId: `said-${decisions}`,
        verb,
        args: {},
        reason: 'checked',
        actor: 'ada',
        onBehalfOf: null,
      };
      return bench.run(() =>
        activities.recordDecision({ ...input, expectedVersion: version, ...said, exceptionId, via }),
      );
    },
    async climb() {
      const { next } = await review();
      if (next) await bench.run(async () => activities.climb({ exceptionId: (await row()).exception_id, ...next }));
      return next?.step;
    },
    owed: async () => [...((await review()).owed ?? [])],
    sendAll: async () => send((await review()).owed ?? []),
    end: async () => send(await bench.run(async () => activities.endReview((await row()).exception_id))),
    mails: () => bench.mailbox.mails.filter((mail) => String(mail.headers.get('x-meshline-client')).includes(clientId)),
    async actions() {
      const { rows } = await sql<{ record: string }>`
        select record from audit_event where client_id = ${clientId} order by sequence`.execute(db);
      return rows.map((one) => JSON.parse(one.record).action).filter((action) => action.startsWith('exception.'));
    },
  };
}
