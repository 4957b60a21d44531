import { openField, runRounds } from './deliveries/field.ts';

const MINUTES = 60_000;

describe('a worker that is killed between sending a report and recording it', () => {
  let field: Awaited<ReturnType<typeof openField>>;
  // A first start may have to build the engine.
  beforeAll(async () => {
    field = await openField();
  }, 20 * MINUTES);
  afterAll(() => field.dispose(), 2 * MINUTES);

  test(
    'twice: each receiver gets what its destination says',
    async () => {
      const rounds = await runRounds(field, 2);
      expect(rounds.flatMap((one) => one.deviations)).toEqual([]);
      expect(rounds.map((one) => [one.taken.honours, one.taken.once])).toEqual(Array(2).fill([1, 1]));
      expect(rounds.every((one) => one.arrived.repeats === 2)).toBe(true);
    },
    10 * MINUTES,
  );
});
