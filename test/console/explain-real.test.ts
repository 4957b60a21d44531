import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test as whole } from '@jest/globals';
import type { ExplainDocument } from '../../schemas/api/explain.ts';
import type { NumberList } from '../../schemas/api/numbers.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const MODEL = '../shared/examples/online-retail/operating-model.yaml';
const CLIENT = 'online-retail';
const DAYS = ['2010-12-01', '2010-12-02'];
const here = existsSync(MODEL);

let bench: CloseBench;
let api: ApiBench;

beforeAll(async () => {
  if (!here) return;
  bench = await startCloseBench();
  api = await startApi({ database: bench.database, secrets: bench.deps.secrets });
  await bench.apply(MODEL);
  for (const businessDate of DAYS) await bench.close({ clientId: CLIENT, businessDate });
}, 120_000);

afterAll(async () => {
  if (!here) return;
  await api.stop();
  await bench.stop();
});

/** The shop's own days lie outside the repository; without them the test is skipped and says why. */
const { skip } = whole;
const test = (name: string, body: () => Promise<void>, timeoutMs: number) =>
  here ? whole(name, body, timeoutMs) : skip(`${name} (needs ${MODEL})`, body);

test('every total of two real days is computed afresh to the cent', async () => {
  const token = await api.token('viewer', [CLIENT]);
  const { body } = await api.ask<NumberList>('GET', `/clients/${CLIENT}/numbers?from=${DAYS[0]}&to=${DAYS[1]}`, {
    token,
  });
  expect(body.numbers.length).toBeGreaterThan(6);
  for (const { metric, businessDate, value } of body.numbers) {
    const query = `metric=${metric}&date=${businessDate}`;
    const explained = await api.ask<ExplainDocument>('GET', `/clients/${CLIENT}/explanation?${query}`, { token });
    expect([query, explained.body.recomputed]).toMatchObject([query, { value, equal: true }]);
  }
}, 180_000);
