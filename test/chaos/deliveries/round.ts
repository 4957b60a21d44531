import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileSet } from '../../../infra/operating-model/read.ts';
import type { DeliveryList } from '../../../schemas/api/deliveries.ts';
import { openSmallShop, type SmallShop } from '../../support/small-shop.ts';
import type { Ground } from '../ground.ts';
import { POINTS } from '../points.ts';
import { kill } from '../targets.ts';
import { RECEIVERS, type ReceiverName, type Receivers } from './receivers.ts';

/**
 * Where the kill falls: while every receiver has the request and none has answered, or before the answer is recorded.
 */
export type Moment = 'answering' | 'recording';
export const MOMENTS: readonly Moment[] = ['answering', 'recording'];

/** One kill of a worker, and what each receiver made of one version of a report. */
export type Round = {
  client: string;
  moment: Moment;
  seconds: number;
  arrived: Readonly<Record<ReceiverName, number>>;
  taken: Readonly<Record<ReceiverName, number>>;
  deviations: readonly string[];
};

export type Field = { ground: Ground; shop: SmallShop; receivers: Receivers };

export const SECRET = { MESHLINE_SECRET_CHAOS: 'a secret of the harness' };
const DATE = '2026-03-02';
const ROUND_MS = 120_000;
const RECORDED = POINTS.find((one) => one.name === 'deliver-sent:before-commit')!;

/** The files of the one day that is closed for every client. */
export async function openDay(): Promise<SmallShop> {
  const shop = await openSmallShop();
  await shop.orders(DATE, [{ id: '1', at: `${DATE}T15:00:00Z`, amount: '60.00' }]);
  return shop;
}

const destinationsOf = ({ urls }: Receivers) =>
  RECEIVERS.map((id) => ({
    id,
    kind: 'webhook',
    url: urls[id],
    secretRef: 'chaos',
    mode: 'live',
    guarantee: id === 'once' ? 'at_most_once' : 'at_least_once',
  }));

async function applyClient({ ground, shop, receivers }: Field, client: string): Promise<void> {
  const report = { destinations: destinationsOf(receivers) };
  const document = shop.document({ client: { id: client, name: client }, report });
  const path = join(shop.folder, `${client}.yaml`);
  await writeFile(path, document.files[document.base]!);
  const { error } = await ground.api.POST('/api/v1/clients', { body: await readFileSet(path) });
  if (error) throw new Error(`${client}: ${JSON.stringify(error)}`);
}

async function deliveriesOf({ ground }: Field, client: string): Promise<DeliveryList['deliveries']> {
  const { data } = await ground.api.GET('/api/v1/deliveries', { params: { query: { client, limit: 1_000 } } });
  return data?.deliveries ?? [];
}

/** Closes the day up to the instant at which the worker is killed, and kills it there. */
async function strike(field: Field, client: string, moment: Moment): Promise<void> {
  const { ground, receivers } = field;
  const holds = [{ client, point: RECORDED }];
  if (moment === 'recording') await ground.faults.arm(holds[0]!);
  const letGo = moment === 'answering' ? receivers.hold() : () => undefined;
  // The close may still be about to end: what is held holds its day too.
  const closing = ground.installation.run('close', 'run', '--client', client, '--date', DATE, '--wait');
  const isWithAll = () => RECEIVERS.every((name) => receivers.arrived(name, client).length > 0);
  await ground.installation.until(isWithAll, ROUND_MS);
  if (moment === 'recording') await ground.faults.untilHeld(holds);
  const before = ground.installation.children.get('worker');
  kill(ground.installation, ['worker']);
  await ground.faults.abort(holds);
  letGo();
  await ground.installation.until(() => ground.installation.children.get('worker') !== before, ROUND_MS);
  const { code, stderr } = await closing;
  if (code !== 0) throw new Error(`the close ended with ${code}: ${stderr}`);
}

/** What a destination says, against what its receiver has and what the log of deliveries tells. */
function judge({ receivers }: Field, client: string, deliveries: DeliveryList['deliveries']): string[] {
  const count = (name: ReceiverName) => receivers.taken(name, client);
  const stateOf = (name: ReceiverName) => deliveries.filter((one) => one.destination === name).map((one) => one.state);
  const bodies = (name: ReceiverName) =>
    new Set(receivers.arrived(name, client).map((one) => `${one.key} ${one.body}`));
  return [
    ...(count('honours') === 1 ? [] : [`honours took ${count('honours')} messages of one version`]),
    ...(count('repeats') >= 1 ? [] : ['repeats never got what it is to get at least once']),
    ...(count('once') <= 1 ? [] : [`once got ${count('once')} times what it is to get at most once`]),
    ...RECEIVERS.filter((name) => bodies(name).size > 1).map((name) => `${name} got one version in several forms`),
    ...RECEIVERS.flatMap((name) => {
      const wanted = name === 'once' ? 'uncertain' : 'sent';
      return stateOf(name).join() === wanted
        ? []
        : [`${name}: ${stateOf(name).join() || 'no delivery'}, not ${wanted}`];
    }),
  ];
}

const countsOf = (count: (name: ReceiverName) => number) =>
  Object.fromEntries(RECEIVERS.map((name) => [name, count(name)])) as Round['arrived'];

/** Kills the worker between the sending of a report and its recording, and waits until every outbox is empty again. */
export async function runRound(field: Field, number: number): Promise<Round> {
  const { ground, receivers } = field;
  const client = `kill-${number}`;
  const moment = MOMENTS[number % MOMENTS.length]!;
  const since = Date.now();
  const broken: string[] = [];
  try {
    await applyClient(field, client);
    await strike(field, client, moment);
    const isOver = async () => (await deliveriesOf(field, client)).every((one) => one.queuedSince === null);
    await ground.installation.until(isOver, ROUND_MS);
  } catch (error) {
    broken.push((error as Error).message);
  }
  return {
    client,
    moment,
    seconds: Math.round((Date.now() - since) / 1000),
    arrived: countsOf((name) => receivers.arrived(name, client).length),
    taken: countsOf((name) => receivers.taken(name, client)),
    deviations: [...broken, ...judge(field, client, await deliveriesOf(field, client))],
  };
}
