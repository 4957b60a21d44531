import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiBench, startApi } from './api-bench.ts';

const MODEL = readFileSync('examples/corner-shop/operating-model.yaml', 'utf8');
const BASE = '/clients/corner-shop/model.yaml';

describe('a token that is limited to a client', () => {
  let api: ApiBench;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const apply = async (clients: string[] | undefined, text: string) =>
    api.ask('POST', '/clients', {
      token: await api.token('owner', clients),
      body: { base: BASE, files: { [BASE]: `${text}effectiveFrom: 2026-04-01\n` } },
    });

  test('may not point a first document at files: an owner of all clients does that', async () => {
    const { status, body } = await apply(['corner-shop'], MODEL);
    expect([status, body.type]).toEqual([403, '/problems/foreign-location']);
    expect((await apply(undefined, MODEL)).status).toBe(200);
  });

  test.each([
    ['a source', 'location: "sales-{date}.csv"', 'location: "../other-shop/sales-{date}.csv"'],
    ['a control', 'location: daily-totals.csv', 'location: /etc/passwd'],
    [
      'an export',
      '    - { id: mail,',
      '    - { id: csv, kind: export, format: csv, by: day, location: "/clients/other/{date}.csv", mode: live }\n    - { id: mail,',
    ],
  ])('may not make %s read or write in folders that its client does not use', async (_what, ours, theirs) => {
    const { status, body } = await apply(['corner-shop'], MODEL.replace(ours, theirs));
    expect([status, body.type]).toEqual([403, '/problems/foreign-location']);
  });

  test('may change everything else, and other files of the same folder', async () => {
    const { status } = await apply(['corner-shop'], MODEL.replace('sales-{date}.csv', 'orders-{date}.csv'));
    expect(status).toBe(200);
  });
});
