import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { soak } from './soak.ts';

let bench: CloseBench;
beforeAll(async () => {
  bench = await startCloseBench();
});
afterAll(() => bench.stop());

test('ad figures that move every night make one report a night, right numbers, and as many versions and certificates as predicted', async () => {
  const result = await soak(bench, { clients: 2, nights: 5, atOnce: 2 });
  expect(result).toEqual({ clients: 2, nights: 5, attempts: 2 * (5 + 1 + 2 + 3 + 3), mails: 10, problems: [] });
}, 120_000);
