import { Client, Connection, type ScheduleHandle } from '@temporalio/client';
import type { Role } from '../../console/api/rights.ts';
import type { PeriodDocument } from '../../schemas/api/periods.ts';
import { type Answer, type ApiBench, startApi } from '../console/api-bench.ts';
import { type CloseBench, startCloseBench } from './close-day.ts';
import { type Order, openSmallShop, type SmallShop } from './small-shop.ts';

export type Refused = { status: number; type: string; detail: string; problems?: { path: string }[] };
export type Said = Answer<PeriodDocument & Refused>;

/** A shop whose days are closed, and people who close its months over the API. */
export type MonthBench = {
  bench: CloseBench;
  api: ApiBench;
  shop: SmallShop;
  /** Schedules that were to run at once, in order. */
  hastened: string[];
  /** Brings a day's orders and closes it. */
  closeDay(date: string, orders: readonly Order[], client?: string): Promise<string>;
  show(month: string, client?: string): Promise<PeriodDocument>;
  /** The document as it came, byte for byte. */
  showText(month: string, client?: string): Promise<string>;
  say(person: string, verb: 'close' | 'lock' | 'reopen', month: string, body?: object, client?: string): Promise<Said>;
  stop(): Promise<void>;
};

export const SHOP = 'small-shop';
export const orderOf = (id: string, date: string, amount: string): Order => ({ id, at: `${date}T16:00:00Z`, amount });

/** People with a token; whoever ends in `-bot` is a service. */
function tokensOf(api: ApiBench): (person: string, role?: Role) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  return (person, role = 'owner') => {
    const token = made.get(person) ?? api.token(role, null, person, person.endsWith('-bot'));
    made.set(person, token);
    return token;
  };
}

export async function startMonthBench(): Promise<MonthBench> {
  const bench = await startCloseBench();
  const { auditKey, customerKey } = bench.deps.secrets;
  const hastened: string[] = [];
  const temporal = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  temporal.schedule.getHandle = (id) => ({ trigger: async () => void hastened.push(id) }) as unknown as ScheduleHandle;
  const api = await startApi({ database: bench.database, temporal, secrets: { auditKey, customerKey } });
  const shop = await openSmallShop();
  const tokenOf = tokensOf(api);
  const path = (client: string, month: string) => `/clients/${client}/periods/${month}`;
  const show = async (month: string, client = SHOP) =>
    (await api.ask<PeriodDocument>('GET', path(client, month), { token: await tokenOf('viewer', 'viewer') })).body;
  return {
    bench,
    api,
    shop,
    hastened,
    async closeDay(businessDate, orders, clientId = SHOP) {
      await shop.orders(businessDate, orders);
      return (await bench.close({ clientId, businessDate })).status;
    },
    show,
    showText: async (month, client) => JSON.stringify(await show(month, client)),
    say: async (person, verb, month, body = verb === 'reopen' ? { reason: 'restated' } : {}, client = SHOP) =>
      api.ask<PeriodDocument & Refused>('POST', `${path(client, month)}/${verb}`, {
        token: await tokenOf(person),
        body,
      }),
    async stop() {
      await api.stop();
      await bench.stop();
      await shop.remove();
    },
  };
}
