import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { noteSecretVariables } from '../../infra/postgres/installation/worker-environment.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { type ApiBench, startApi } from './api-bench.ts';

let api: ApiBench;
let shop: SmallShop;
beforeAll(async () => {
  [api, shop] = await Promise.all([startApi(), openSmallShop()]);
});
afterAll(() => Promise.all([api.stop(), shop.remove()]));

const hook = (secretRef: string, mode = 'live') => ({
  ...{ id: `to-${secretRef}`, kind: 'webhook', url: 'https://x.example/hook' },
  ...{ secretRef, mode },
});

async function warningsOf(...destinations: object[]) {
  const body = shop.document({ report: { destinations } });
  const token = await api.token('owner');
  const applied = await api.ask<{ changed: boolean; warnings?: object[] }>('POST', '/clients', { token, body });
  expect(applied.status).toBe(200);
  return applied.body.warnings;
}

test('a document that names a secret which is not set is applied, with a warning that names the place and the variable', async () => {
  expect(await warningsOf(hook('there'), hook('not-there'))).toEqual([
    {
      path: 'report.destinations[1].secretRef',
      found: '"not-there", and MESHLINE_SECRET_NOT_THERE is not set here',
      expected: expect.stringContaining('in the environment of the workers'),
      file: expect.stringContaining('operating-model.yaml'),
      line: expect.any(Number),
    },
  ]);
});

test('the word of a worker counts, once one has said what it has', async () => {
  const { db } = api.database;
  await noteSecretVariables(db, ['MESHLINE_SECRET_NOT_THERE']);
  const warned = await warningsOf(hook('there'), hook('not-there'));
  await sql`delete from worker_environment`.execute(db);
  expect(warned).toMatchObject([
    {
      path: 'report.destinations[0].secretRef',
      found: '"there", and MESHLINE_SECRET_THERE is not set where the workers run',
    },
  ]);
});

test('what is in shadow needs no secret yet', async () => {
  const body = shop.document({ client: { id: 'shaded' }, report: { destinations: [hook('not-there', 'shadow')] } });
  const applied = await api.ask('POST', '/clients', { token: await api.token('owner'), body });
  expect([applied.status, applied.body.warnings]).toEqual([200, undefined]);
});
